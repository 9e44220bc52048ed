/**
 * Fills the places of a shared text, `{name}`, as the command line does: a stable
 * word is translated, a field is called by its label, a time is written as one, a
 * count is grouped, and what comes from outside is cleaned. What stands in an
 * argument is not filled again. Entries count from 1 here: pages are for people.
 */
import { choose } from '@/language';
import { clean } from './clean';
import { entryNumberText } from './entry';
import { learnedLabel } from './labels';
import { grouped } from './number';
import { tables } from './tables';
import { exactTime } from './time';

export type Args = Readonly<Record<string, string>>;

/** The places that hold how many or how large; the same as the command line's. */
export const COUNTS: ReadonlySet<string> = new Set([
  'amended',
  'changed',
  'committed',
  'count',
  'entries',
  'expected',
  'found',
  'have',
  'max',
  'min',
  'n',
  'need',
  'new',
  'of',
  'open',
  'people',
  'present',
  'refused',
  'seconds',
  'shown',
  'size',
  'stored',
  'submitted',
  'total',
]);

export function fill(text: string, args: Args): string {
  return text.replace(/\{([^}]*)\}/g, (_, name: string) => value(name, args) ?? name);
}

function value(name: string, args: Args): string | undefined {
  if (name === 'own') {
    const [zh, en] = [given('zh', args), given('en', args)];
    return zh === undefined || en === undefined ? undefined : clean(choose(zh, en));
  }
  const is = given(name, args);
  if (is === undefined) return undefined;
  switch (name) {
    case 'time':
      return /^\d+$/.test(is) ? exactTime(Number(is)) : clean(is);
    case 'field':
    case 'key':
      return fieldLabel(is);
    case 'fields':
      return list(is.split(', ').map(fieldLabel));
    case 'position':
      return entryNumberText(clean(is));
    case 'violation':
      return violationText(is);
    case 'needs':
    case 'check':
      return word('part', is);
    default:
      return COUNTS.has(name) ? grouped(clean(is)) : word(name, is);
  }
}

function given(name: string, args: Args): string | undefined {
  return Object.hasOwn(args, name) ? args[name] : undefined;
}

function known(table: Record<string, string> | undefined, key: string): string | undefined {
  return table && Object.hasOwn(table, key) ? table[key] : undefined;
}

/** A stable word in the language of the window; an unknown one as it is. */
export function word(kind: string, value: string): string {
  return known(tables().words[kind], value) ?? clean(value);
}

/** What people call a field. */
export function fieldLabel(key: string): string {
  return learnedLabel(key) ?? word('key', key);
}

/** A list in one line. */
export function list(items: readonly string[]): string {
  return items.join(choose('、', ', '));
}

function violationText(code: string): string {
  return known(tables().violations, code) ?? known(tables().words.violation, code) ?? clean(code);
}

/** A text of a table, with what the system or a reader said in its own words in brackets. */
export function filled(table: Record<string, string>, code: string, args: Args): string {
  return fill(known(table, code) ?? code, args) + detail(args);
}

export function detail(args: Args): string {
  const said = given('detail', args);
  return said ? choose(`（${clean(said)}）`, ` (${clean(said)})`) : '';
}
