/** The two signatures that something can wait for: who gives them, and what is said of them. */
import { hasRole, overview, session } from '@/api/desk';
import type { StepView, WaitingView } from '@/api/types';
import { t } from '@/i18n';
import { roleMissing } from '../records/roles';

const ROLES: Record<StepView, readonly [string, ...string[]]> = {
  review: ['reviewer', 'secrecy-reviewer'],
  approve: ['approver'],
};

export const maySign = (step: StepView) => ROLES[step].some(hasRole);

/** The role in which whoever sits at the desk signs. */
export const signerRole = (step: StepView) => ROLES[step].find(hasRole) ?? ROLES[step][0];

/** Why whoever sits at the desk cannot sign at all; null if they can, or nobody is unlocked. */
export const mayNotSign = (step: StepView) => (maySign(step) ? null : roleMissing(ROLES[step][0]));

export function countOf(step: StepView): number {
  return (step === 'review' ? overview.value?.to_review : overview.value?.waiting) ?? 0;
}

/** What whoever sits at the desk, or anybody, has to do first. */
export function firstStep(): StepView {
  if (maySign('review') && (countOf('review') > 0 || !maySign('approve'))) return 'review';
  if (maySign('approve')) return 'approve';
  return countOf('approve') === 0 && countOf('review') > 0 ? 'review' : 'approve';
}

/** The steps that concern whoever sits at the desk; both, if neither does. */
export function stepsHere(): StepView[] {
  const all: StepView[] = ['review', 'approve'];
  const own = session.value ? all.filter(maySign) : [];
  return own.length ? own : all;
}

/** Why one draft cannot be signed by whoever sits at the desk. */
export function whyNot(row: WaitingView): string | null {
  if (row.own) return row.step === 'review' ? t('approval.ownToReview') : t('approval.own');
  if (row.own_review) return t('approval.ownReview');
  return row.damaged ? t('approval.damaged') : null;
}

/** What is said of signing. */
export function signing(step: StepView) {
  if (step === 'review') {
    return {
      choose: () => t('approval.chooseToReview'),
      sign: (n: number) => (n > 0 ? t('approval.review', { n }) : t('approval.reviewChosen')),
      working: () => t('approval.reviewing'),
      none: () => t('approval.noneToReview'),
      noneText: () => t('approval.noneToReviewText'),
      title: () => t('approval.reviewTitle'),
      signs: (n: number, office: string) => t('approval.reviews', { n, office }),
      final: () => t('approval.reviewFinal'),
      list: () => t('approval.reviewedList'),
      reading: (n: number, total: number) => t('approval.readingToReview', { n, total }),
    };
  }
  return {
    choose: () => t('approval.choose'),
    sign: (n: number) => (n > 0 ? t('approval.sign', { n }) : t('approval.signChosen')),
    working: () => t('approval.signing'),
    none: () => t('approval.none'),
    noneText: () => t('approval.noneText'),
    title: () => t('approval.signTitle'),
    signs: (n: number, office: string) => t('approval.signs', { n, office }),
    final: () => t('approval.final'),
    list: () => t('approval.signedList'),
    reading: (n: number, total: number) => t('approval.readingChosen', { n, total }),
  };
}
