/**
 * What a template's pattern asks for, in words: `\d{12}` is twelve digits. Only
 * plain sequences are told; of any other pattern nobody would understand more.
 */
import { choose } from '@/language';
import { tables } from './tables';

/** What may stand at a place, by the ways that it is written. */
const KINDS: Record<string, string> = {
  '\\d': 'digit',
  '[0-9]': 'digit',
  '[A-Z]': 'capital',
  '[a-z]': 'small',
  '[A-Za-z]': 'letter',
  '[a-zA-Z]': 'letter',
  '[A-Z0-9]': 'capital_or_digit',
  '[0-9A-Z]': 'capital_or_digit',
  '[A-Za-z0-9]': 'letter_or_digit',
  '[0-9A-Za-z]': 'letter_or_digit',
};

const PART = /(\\d|\[(?:0-9|A-Z|a-z)+\])(?:\{(\d{1,4})(?:(,)(\d{0,4}))?\}|(\+))?/y;

/** So many parts are still read at a glance. */
const MOST = 3;

interface Part {
  kind: string;
  least: number;
  most: number | null;
}

/** The parts of a plain sequence; null of anything else. */
function partsOf(pattern: string): Part[] | null {
  const parts: Part[] = [];
  const text = pattern.replace(/^\^/, '').replace(/\$$/, '');
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const found = PART.exec(text);
    const kind = found && KINDS[found[1] ?? ''];
    if (!found || !kind || parts.length === MOST) return null;
    const [, , least, open, most, plus] = found;
    const one = Number(least ?? 1);
    parts.push({ kind, least: one, most: plus || (open && !most) ? null : Number(most || one) });
  }
  return parts.length > 0 ? parts : null;
}

/** Whether a pattern alone says how long a value is: so many digits, no more and no fewer. */
export function isExactPattern(pattern: string): boolean {
  return partsOf(pattern)?.every(({ least, most }) => most === least) ?? false;
}

function partText({ kind, least, most }: Part): string {
  const { pattern } = tables().words;
  if (!pattern) return '';
  const many = choose(kind, (most ?? least) === 1 ? `${kind}_one` : kind);
  const how = most === null ? 'at_least' : most === least ? 'exactly' : 'between';
  const filling: Record<string, string> = { least: String(least), most: String(most), what: pattern[many] ?? '' };
  return (pattern[how] ?? '').replace(/\{([a-z]+)\}/g, (_, name: string) => filling[name] ?? '');
}

/** Between Chinese and a number stands a blank. */
const spaced = (part: string) => (/^\d/.test(part) ? ` ${part}` : part);

/** What a value that does not fit must be; null if the pattern is no plain sequence. */
export function patternText(pattern: string): string | null {
  const parts = partsOf(pattern)?.map(partText);
  return parts ? choose(`格式不符，应为${parts.map(spaced).join('，接')}`, `must be ${parts.join(', then ')}`) : null;
}
