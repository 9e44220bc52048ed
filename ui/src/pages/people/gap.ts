/** What is missing among the people, in words. */
import { t } from '@/i18n';
import type { Gap } from './roster';

export function gapText(gap: Gap): string {
  switch (gap) {
    case 'drafter':
      return t('people.gapDrafter');
    case 'approver':
      return t('people.gapApprover');
    case 'second':
      return t('people.gapSecond');
  }
}
