/** The pages' own texts. */
import { watch } from 'vue';
import { createI18n } from 'vue-i18n';
import { language } from './language';
import en from './locales/en.json';
import zh from './locales/zh-CN.json';
import { clean } from './texts/clean';
import { grouped } from './texts/number';

/** The parts that `texts/` reads are not messages. */
function messages<T extends { errors: unknown; findings: unknown; words: unknown }>(
  texts: T,
): Omit<T, 'errors' | 'findings' | 'words'> {
  const { errors: _errors, findings: _findings, words: _words, ...own } = texts;
  return own;
}

export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': messages(zh), en: messages(en) },
  missingWarn: import.meta.env.DEV,
  fallbackWarn: import.meta.env.DEV,
});

watch(language, (chosen) => (i18n.global.locale.value = chosen), { immediate: true, flush: 'sync' });

/**
 * A text in the language of the window. Numbers are grouped (3,520), and `n`
 * chooses between singular and plural; texts from outside are cleaned.
 */
export function t(key: string, args: Readonly<Record<string, string | number>> = {}): string {
  const shown: Record<string, string> = {};
  for (const [name, value] of Object.entries(args)) {
    shown[name] = typeof value === 'number' ? grouped(String(value)) : clean(value);
  }
  const plural = typeof args.n === 'number' ? args.n : 2;
  return i18n.global.t(key, shown, { plural });
}
