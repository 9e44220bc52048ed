/** How a person stands, in words: nothing to say, suspended, or acting for a time. */
import type { PersonView } from '@/api/types';
import { t } from '@/i18n';
import { dayOf } from '@/texts';

export function standing(person: PersonView): string {
  if (person.suspended) return t('people.suspended');
  const { acting } = person;
  return acting ? t('people.actingFor', { from: dayOf(acting.from), until: dayOf(acting.until) }) : '';
}
