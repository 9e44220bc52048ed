/** Why the person at the desk cannot do something; whoever is not unlocked is asked first. */
import { session } from '@/api/desk';
import { t } from '@/i18n';
import { list, word } from '@/texts';

export function roleMissing(role: string): string | null {
  const person = session.value;
  if (!person || person.roles.includes(role)) return null;
  const roles = list(person.roles.map((held) => word('role', held)));
  return t('records.roleMissing', { role: word('role', role), name: person.name, roles });
}
