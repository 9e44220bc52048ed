/** What a part of a page asks for when it is shown. */
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { isBackendGone } from '@/api/connection';
import { asFailure } from '@/api/failure';
import type { Failure } from '@/api/types';

export interface Asked<T> {
  data: ShallowRef<T | null>;
  failure: Ref<Failure | null>;
  busy: Ref<boolean>;
  reload(): Promise<void>;
}

/** Asks at once; an answer that comes after a later question, or after the part was left, is dropped. */
export function useAsked<T>(ask: () => Promise<T>): Asked<T> {
  const data = shallowRef<T | null>(null);
  const failure = ref<Failure | null>(null);
  const busy = ref(false);
  let asked = 0;

  async function reload(): Promise<void> {
    asked += 1;
    const mine = asked;
    busy.value = true;
    try {
      const answer = await ask();
      if (mine !== asked) return;
      data.value = answer;
      failure.value = null;
    } catch (thrown) {
      if (mine === asked) failure.value = asFailure(thrown);
    } finally {
      if (mine === asked) busy.value = false;
    }
  }

  // What could not be asked while the program was gone is asked when it is back.
  watch(isBackendGone, (gone) => {
    if (!gone && failure.value?.code === 'backend_gone') void reload();
  });
  onScopeDispose(() => (asked += 1));
  void reload();
  return { data, failure, busy, reload };
}
