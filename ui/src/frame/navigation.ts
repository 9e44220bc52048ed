/** What stands at the left: pages that exist, in this order. */
import { computed } from 'vue';
import { overview } from '@/api/desk';
import { t } from '@/i18n';
import type { IconName } from '@/icons';
import { router } from '@/router';

export interface Destination {
  /** The route's name. */
  name: string;
  label: string;
  icon: IconName;
  count?: number;
}

export const destinations = computed<Destination[]>(() =>
  (
    [
      { name: 'home', label: t('nav.home'), icon: 'home' },
      { name: 'records', label: t('nav.records'), icon: 'records' },
      { name: 'approval', label: t('nav.approval'), icon: 'approval', count: overview.value?.waiting },
      { name: 'verify', label: t('nav.verify'), icon: 'verify' },
      { name: 'people', label: t('nav.people'), icon: 'people' },
      { name: 'audit', label: t('nav.audit'), icon: 'audit' },
    ] satisfies Destination[]
  ).filter((destination) => router.hasRoute(destination.name)),
);

export const settingsDestination = computed<Destination>(() => ({
  name: 'settings',
  label: t('nav.settings'),
  icon: 'settings',
}));
