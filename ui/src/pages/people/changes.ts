/** Changes of people that wait, for whoever is unlocked to see. */
import { ref, watch, type Ref } from 'vue';
import { call } from '@/api/call';
import { session } from '@/api/desk';
import type { ChangeView } from '@/api/types';

export interface WaitingChanges {
  changes: Ref<readonly ChangeView[]>;
  read: () => Promise<void>;
}

export function useChanges(): WaitingChanges {
  const changes = ref<readonly ChangeView[]>([]);

  async function read(): Promise<void> {
    // Whoever may not see them has none.
    changes.value = session.value ? (await call('changes').catch(() => ({ changes: [] }))).changes : [];
  }

  watch(session, read, { immediate: true });
  return { changes, read };
}
