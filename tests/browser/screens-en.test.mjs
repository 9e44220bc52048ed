// Every page in English.
import { screens } from './screens.mjs';

screens('en');
