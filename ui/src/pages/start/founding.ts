/** What is typed about a new office: kept while one looks elsewhere. Passphrases are not. */
import { reactive } from 'vue';

export const DEFAULT_REALM = 'wuhan';

export const founding = reactive({ name: '', code: '', realm: DEFAULT_REALM, register: false });

/** 1 to 100 small letters, digits, dots and hyphens. */
export function isRealm(text: string): boolean {
  return /^[a-z0-9.-]{1,100}$/.test(text);
}

/** Realms that stand for practice. */
export function isPracticeRealm(text: string): boolean {
  return text === 'practice' || text.startsWith('practice.');
}
