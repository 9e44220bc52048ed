/** Evidence that the system asked to be opened, until the page that verifies takes it. */
import { readonly, ref } from 'vue';
import type { FileRef } from './api/types';

const files = ref<FileRef[]>([]);

export const opened = readonly(files);

export function keepOpened(more: readonly FileRef[]): void {
  files.value = [...files.value, ...more];
}

export function takeOpened(): FileRef[] {
  const taken = files.value;
  // Whoever watches is told of what came, not of its being taken.
  if (taken.length > 0) files.value = [];
  return taken;
}
