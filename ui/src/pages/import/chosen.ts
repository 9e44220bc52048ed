/** The sheet that is being imported, while pages come and go. */
import { ref } from 'vue';
import type { FileRef } from '@/api/types';

/** A file that was chosen and is not judged yet. */
export const waitingFile = ref<FileRef | null>(null);

/** Whose plan is shown: nobody goes on with another person's. */
export const planOf = ref<string | null>(null);

/** Whether changed rows are submitted, too. */
export const amend = ref(false);
