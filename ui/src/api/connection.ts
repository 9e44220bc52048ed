/** Whether the program behind the page still answers. */
import { readonly, ref } from 'vue';

const gone = ref(false);

/** Pages keep all that was typed while this is so. */
export const isBackendGone = readonly(gone);

export function backendGone(): void {
  gone.value = true;
}

export function backendAnswered(): void {
  gone.value = false;
}
