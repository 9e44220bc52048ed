/**
 * Closing the desktop window: what is typed is kept first, and about work under
 * way a person is asked. The window waits for an answer for three seconds.
 */
import { computed, readonly, ref, shallowRef, watch } from 'vue';
import { asFailure } from '@/api/failure';
import { cancelJob, runningJobs } from '@/api/jobs';
import type { Failure, JobKind } from '@/api/types';
import { keepAll, stillUnkept, type Unkept } from '@/pages/form/keeping';
import { platform } from '@/platform';

/** How long keeping may take until it is said that it does. */
const PATIENCE = 2_000;

/** What would be cut off; whatever only reads just ends. */
const WORKS: ReadonlySet<JobKind> = new Set<JobKind>(['import', 'review', 'approve', 'practice']);

/** What is asked: about work, while it stops, or about what could not be kept. */
export type Step = 'work' | 'stopping' | 'unkept';

const step = ref<Step | null>(null);
const left = shallowRef<Unkept>({ forms: 0, failure: null });
const refused = shallowRef<Failure | null>(null);

export const closingStep = readonly(step);
export const closingUnkept = computed(() => left.value);
/** Why work could not be told to stop. */
export const closingRefused = computed(() => refused.value);

/** The jobs that closing would cut off. */
export const workUnderWay = computed(() => runningJobs.value.filter(({ kind }) => WORKS.has(kind)));

const pause = (time: number) => new Promise<void>((resolve) => setTimeout(resolve, time));

async function answer(close: boolean): Promise<void> {
  try {
    await platform().answerClosing(close);
  } catch {
    // Without an answer the window closes by itself.
  }
}

/** Somebody wants to close the window. */
export async function closingWished(): Promise<void> {
  if (workUnderWay.value.length === 0) return keepAndClose();
  if (step.value !== 'stopping') step.value = 'work';
  // Whatever is decided then, what is typed is kept.
  void keepAll();
  await answer(false);
}

/** Closes once everything is kept; otherwise says that it is not. */
export async function keepAndClose(): Promise<void> {
  await Promise.race([keepAll(), pause(PATIENCE)]);
  left.value = stillUnkept();
  const kept = left.value.forms === 0;
  step.value = kept ? null : 'unkept';
  await answer(kept);
}

/** Tells what is under way to end after what it has begun, and closes then. */
export async function stopAndClose(): Promise<void> {
  step.value = 'stopping';
  refused.value = null;
  try {
    await Promise.all(workUnderWay.value.map(({ id }) => cancelJob(id)));
  } catch (thrown) {
    refused.value = asFailure(thrown);
    step.value = 'work';
    return;
  }
  closeWhenStopped();
}

function closeWhenStopped(): void {
  if (step.value === 'stopping' && workUnderWay.value.length === 0) void keepAndClose();
}

watch(workUnderWay, closeWhenStopped);

/** The window stays. */
export function closingAbandoned(): void {
  step.value = null;
  refused.value = null;
}

/** What could not be kept is given up. */
export function closeAnyway(): Promise<void> {
  return answer(true);
}
