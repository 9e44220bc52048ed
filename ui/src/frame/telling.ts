/** A failure that no page can show in place. */
import { readonly, ref } from 'vue';
import type { Failure } from '@/api/types';

const told = ref<Failure | null>(null);

export const failureToTell = readonly(told);

/** Shows a dialog; only for what has no place on the page. */
export function tellFailure(failure: Failure): void {
  told.value = failure;
}

export function failureWasRead(): void {
  told.value = null;
}
