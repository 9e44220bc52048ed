// Every page in Chinese.
import { screens } from './screens.mjs';

screens('zh-CN');
