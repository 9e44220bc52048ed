/** What stands at the left: pages that exist, in this order. */
import { computed } from 'vue';
import { office } from '@/api/desk';
import { t } from '@/i18n';
import type { IconName } from '@/icons';
import { countOf, stepsHere } from '@/pages/approval/steps';
import { router } from '@/router';

export interface Destination {
  /** The route's name. */
  name: string;
  label: string;
  icon: IconName;
  count?: number;
  /** What is counted. */
  counted?: string;
}

/** How much waits for whoever sits at the desk; for anybody, if it is for nobody there. */
function waiting(): Pick<Destination, 'count' | 'counted'> {
  const steps = stepsHere();
  const n = steps.reduce((sum, step) => sum + countOf(step), 0);
  if (steps.length > 1) return { count: n, counted: t('nav.toSign', { n }) };
  return { count: n, counted: steps[0] === 'review' ? t('nav.toReview', { n }) : t('nav.waiting', { n }) };
}

/** What a register does not hold, and what an office does not do, does not stand there. */
function belongsHere(name: string): boolean {
  const { ofRegister } = router.resolve({ name }).meta;
  return ofRegister === undefined || ofRegister === (office.value?.register ?? false);
}

export const destinations = computed<Destination[]>(() =>
  (
    [
      { name: 'home', label: t('nav.home'), icon: 'home' },
      { name: 'records', label: t('nav.records'), icon: 'records' },
      { name: 'approval', label: t('nav.approval'), icon: 'approval', ...waiting() },
      { name: 'register', label: t('nav.register'), icon: 'home' },
      { name: 'verify', label: t('nav.verify'), icon: 'verify' },
      { name: 'people', label: t('nav.people'), icon: 'people' },
      { name: 'audit', label: t('nav.audit'), icon: 'audit' },
    ] satisfies Destination[]
  ).filter(({ name }) => router.hasRoute(name) && belongsHere(name)),
);

export const settingsDestination = computed<Destination>(() => ({
  name: 'settings',
  label: t('nav.settings'),
  icon: 'settings',
}));
