/** 统一社会信用代码 (GB 32100-2015): told apart as it is typed; the program checks it again. */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
export const LENGTH = 18;
/** Letters that no code has, because they look like digits or each other. */
export const NEVER = ['I', 'O', 'S', 'V', 'Z'] as const;

export type UsccProblem =
  | { kind: 'length'; found: number }
  | { kind: 'character'; at: number; character: string }
  | { kind: 'region'; at: number; character: string }
  | { kind: 'check' };

/** As it is printed: capitals, half width, no blanks or hyphens. */
export function plainUscc(typed: string): string {
  return typed.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase();
}

export function usccProblem(code: string): UsccProblem | null {
  const characters = [...code];
  const foreign = characters.findIndex((character) => !ALPHABET.includes(character));
  if (foreign >= 0) return { kind: 'character', at: foreign + 1, character: characters[foreign]! };
  const region = characters.findIndex((character, index) => index >= 2 && index < 8 && !/\d/.test(character));
  if (region >= 0) return { kind: 'region', at: region + 1, character: characters[region]! };
  if (characters.length !== LENGTH) return { kind: 'length', found: characters.length };
  const values = characters.map((character) => ALPHABET.indexOf(character));
  let weight = 1;
  let sum = 0;
  for (const value of values.slice(0, 17)) {
    sum += value * weight;
    weight = (weight * 3) % 31;
  }
  return (sum + values[17]!) % 31 === 0 ? null : { kind: 'check' };
}
