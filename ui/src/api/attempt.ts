/** One thing at a time that may fail: what a page does when it is asked to. */
import { ref } from 'vue';
import { asFailure } from './failure';
import type { Failure } from './types';

export function useAttempt() {
  const busy = ref(false);
  const failure = ref<Failure | null>(null);

  /** Does it, unless something is under way; keeps what went wrong; then `after`, either way. */
  async function attempt(act: () => Promise<unknown>, after?: () => void): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    failure.value = null;
    try {
      await act();
    } catch (thrown) {
      failure.value = asFailure(thrown);
    } finally {
      after?.();
      busy.value = false;
    }
  }

  return { busy, failure, attempt };
}
