/** Where people of this desktop have keys of their own. */
import { readonly, ref } from 'vue';
import { call } from './call';
import type { KeyFolderView } from './types';

const view = ref<KeyFolderView | null>(null);

/** As it was when it was last asked for; null before. */
export const keyFolder = readonly(view);

export async function readKeyFolder(): Promise<void> {
  view.value = await call('key_folder');
}

/** Chooses one that was offered, by its token; with null the usual one. */
export async function chooseKeyFolder(token: string | null): Promise<void> {
  view.value = await call('key_folder_choose', { folder: token });
}
