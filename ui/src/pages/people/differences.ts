/** What a change says that is not so now, line by line. */
import type { ChangeView, PersonView } from '@/api/types';
import { t } from '@/i18n';
import { capitalized, list, word } from '@/texts';
import { standing } from './standing';

export interface Difference {
  label: string;
  was: string;
  now: string;
}

const KEY_DIGITS = 16;

const LINES: readonly [label: () => string, shown: (person: PersonView) => string][] = [
  [() => t('people.name'), ({ name }) => name],
  [() => t('people.post'), ({ post }) => post ?? ''],
  [() => t('people.roles'), ({ roles }) => capitalized(list(roles.map((role) => word('role', role))))],
  [() => t('people.standing'), standing],
  [() => t('people.key'), ({ key }) => key.slice(0, KEY_DIGITS)],
];

export function differences({ before, after, digits }: ChangeView): Difference[] {
  const nothing = t('people.nothing');
  const all = LINES.map(([label, shown]) => {
    // Whoever is there already stands in the roster where nothing else is said.
    const none = before && shown === standing ? t('people.inRoster') : nothing;
    const was = before ? shown(before) : '';
    return { label: label(), was: was || none, now: shown(after) || none };
  });
  const read = digits === null ? [] : [{ label: t('people.digits'), was: nothing, now: digits }];
  return [...all.filter(({ was, now }) => was !== now), ...read];
}
