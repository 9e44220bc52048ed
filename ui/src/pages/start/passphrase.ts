/** How good a new passphrase is, for a hint in plain words. */
export const SHORTEST = 8;

export type Strength = 'short' | 'digits' | 'repeated' | 'fair' | 'good';

export function strengthOf(passphrase: string): Strength {
  const characters = [...passphrase];
  if (characters.length < SHORTEST) return 'short';
  if (new Set(characters).size <= 3) return 'repeated';
  if (/^\d+$/.test(passphrase)) return 'digits';
  // A Chinese character says more than a letter.
  const weight = characters.reduce((sum, character) => sum + (/\p{Script=Han}/u.test(character) ? 2 : 1), 0);
  return weight >= 14 ? 'good' : 'fair';
}

/** Whether it may be taken: long enough, and typed the same twice. */
export function isTaken(passphrase: string, again: string): boolean {
  return [...passphrase].length >= SHORTEST && passphrase === again;
}
