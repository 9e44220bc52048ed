/** The language of the window. */
import { computed, ref } from 'vue';

export type Language = 'zh-CN' | 'en';

export const LANGUAGES: readonly Language[] = ['zh-CN', 'en'];

const chosen = ref<Language>('zh-CN');

export const language = computed(() => chosen.value);

export function chooseLanguage(asked: string): void {
  chosen.value = LANGUAGES.find((known) => known === asked) ?? 'zh-CN';
  document.documentElement.lang = chosen.value;
}

/** The one of two texts that is in the language of the window. */
export function choose(zh: string, en: string): string {
  return chosen.value === 'zh-CN' ? zh : en;
}
