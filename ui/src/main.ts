import { createApp } from 'vue';
import 'element-plus/theme-chalk/base.css';
import 'element-plus/theme-chalk/dark/css-vars.css';
import './style/tokens.css';
import './style/base.css';
import App from './App.vue';
import { i18n } from './i18n';
import { guardSubmission } from './keys/composition';
import { listenToKeys } from './keys/shortcuts';
import { router } from './router';

guardSubmission();
listenToKeys();
createApp(App).use(i18n).use(router).mount('#app');
