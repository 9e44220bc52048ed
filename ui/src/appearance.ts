/** Applies language, zoom and theme to the document. */
import { ref } from 'vue';
import type { Settings } from './api/types';
import { chooseLanguage } from './language';

const darkSystem = window.matchMedia('(prefers-color-scheme: dark)');
const theme = ref('light');

function applyTheme(): void {
  const dark = theme.value === 'dark' || (theme.value === 'system' && darkSystem.matches);
  document.documentElement.classList.toggle('dark', dark);
}

darkSystem.addEventListener('change', applyTheme);

export function applySettings(settings: Settings): void {
  chooseLanguage(settings.language);
  document.documentElement.style.setProperty('--yx-zoom', String(settings.zoom / 100));
  theme.value = settings.theme;
  applyTheme();
}
