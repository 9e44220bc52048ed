/** What each role may do, in plain words. */
import { t } from '@/i18n';
import type { Role } from './roster';

export function doing(role: Role): string {
  switch (role) {
    case 'drafter':
      return t('people.doesDrafter');
    case 'reviewer':
      return t('people.doesReviewer');
    case 'approver':
      return t('people.doesApprover');
    case 'data-admin':
      return t('people.doesDataAdmin');
    case 'secrecy-reviewer':
      return t('people.doesSecrecyReviewer');
    case 'system-admin':
      return t('people.doesSystemAdmin');
    case 'security-admin':
      return t('people.doesSecurityAdmin');
    case 'auditor':
      return t('people.doesAuditor');
  }
}
