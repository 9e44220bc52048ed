/** How a person stands, in words: nothing to say, suspended, acting for a time, or appointed by the register. */
import type { PersonView } from '@/api/types';
import { t } from '@/i18n';
import { dayOf } from '@/texts';

export function standing(person: PersonView): string {
  if (person.suspended) return t('people.suspended');
  const { acting, appointed, lender } = person;
  if (acting) return t('people.actingFor', { from: dayOf(acting.from), until: dayOf(acting.until) });
  if (lender) return t('people.lent', { code: lender });
  return appointed ? t('people.appointed') : '';
}
