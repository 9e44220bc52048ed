/** How an office stands in its realm, in words. */
import type { StandingInRealm } from '@/api/types';
import { t } from '@/i18n';
import { grouped } from '@/texts';

export function standingText({ suspended, successors, size }: StandingInRealm): string {
  if (!suspended) return t('realm.inForce');
  const n = grouped(String(size));
  return successors.length ? t('realm.succeeded', { n, codes: successors.join(' ') }) : t('realm.suspended', { n });
}
