/** Long work: asked after until it ends, whatever page is shown meanwhile. */
import { computed, onScopeDispose, reactive, ref, watch, type ComputedRef, type Ref } from 'vue';
import { call } from './call';
import { asFailure } from './failure';
import type { Failure, JobKind, JobView } from './types';

const EVERY = 300;
const WHILE_GONE = 3_000;

const known = reactive(new Map<number, JobView>());
/** The job of each kind that pages show. */
const current = reactive(new Map<JobKind, number>());
/** The kinds that a command is starting just now. */
const starts = reactive(new Set<JobKind>());
const asking = new Set<number>();
const listeners: ((job: JobView) => void)[] = [];

/** What runs, whatever page is shown. */
export const runningJobs = computed(() => [...known.values()].filter((job) => job.state === 'running'));

/** Asks a job to end after what it has begun. */
export async function cancelJob(id: number): Promise<void> {
  known.set(id, await call('job_cancel', { id }));
}

/** Calls `act` with every job that ends, whatever page is shown. */
export function whenJobEnds(act: (job: JobView) => void): void {
  listeners.push(act);
}

/** Jobs that a greeting told of: found again after the page was loaded anew. */
export function rememberJobs(jobs: readonly JobView[]): void {
  for (const job of jobs) {
    if (job.state !== 'running') continue;
    known.set(job.id, job);
    current.set(job.kind, job.id);
    void follow(job.id);
  }
}

async function follow(id: number): Promise<void> {
  if (asking.has(id)) return;
  asking.add(id);
  let pause = EVERY;
  while (known.get(id)?.state === 'running') {
    await new Promise((resolve) => setTimeout(resolve, pause));
    // It was cleared meanwhile.
    if (!known.has(id)) break;
    try {
      known.set(id, await call('job', { id }));
      pause = EVERY;
    } catch (thrown) {
      const failure = asFailure(thrown);
      if (failure.code === 'backend_gone') {
        pause = WHILE_GONE;
        continue;
      }
      // The program was started anew: the job is no more.
      const last = known.get(id);
      if (last) known.set(id, { ...last, state: 'failed', failure });
    }
  }
  asking.delete(id);
  const job = known.get(id);
  if (job) listeners.forEach((act) => act(job));
}

/** Seconds until the end, by how long the part that is done took. */
export function secondsLeft(job: JobView, now: number): number | null {
  const passed = now - job.started;
  if (job.state !== 'running' || !job.total || job.done === 0 || passed < 1) return null;
  return Math.max(1, Math.round((passed / job.done) * (job.total - job.done)));
}

export interface FollowedJob {
  view: ComputedRef<JobView | null>;
  running: ComputedRef<boolean>;
  /** From a command that starts it until it runs or could not be started. */
  starting: ComputedRef<boolean>;
  left: ComputedRef<number | null>;
  /** Why it could not be started or ended badly. */
  failure: ComputedRef<Failure | null>;
  /** Asks a command to start it and follows it; does nothing while it is starting or runs. */
  start(begin: () => Promise<JobView>): Promise<void>;
  cancel(): Promise<void>;
  /** Forgets the job, so that the page can begin again. */
  clear(): void;
}

/**
 * The job of a kind: the one that runs, or that ended last and was not cleared.
 * `ended` is called when it ends while the page is shown.
 */
export function useJob(kind: JobKind, ended?: (job: JobView) => void): FollowedJob {
  const refused: Ref<Failure | null> = ref(null);
  const now = ref(Date.now() / 1_000);
  const clock = setInterval(() => (now.value = Date.now() / 1_000), 1_000);
  onScopeDispose(() => clearInterval(clock));

  const view = computed(() => {
    const id = current.get(kind);
    return id === undefined ? null : (known.get(id) ?? null);
  });
  const running = computed(() => view.value?.state === 'running');
  const starting = computed(() => starts.has(kind));

  if (ended) {
    watch(running, (is, was) => {
      if (was && !is && view.value) ended(view.value);
    });
  }

  return {
    view,
    running,
    starting,
    left: computed(() => (view.value ? secondsLeft(view.value, now.value) : null)),
    failure: computed(() => refused.value ?? view.value?.failure ?? null),
    async start(begin) {
      if (starting.value || running.value) return;
      refused.value = null;
      starts.add(kind);
      try {
        const job = await begin();
        known.set(job.id, job);
        current.set(kind, job.id);
        void follow(job.id);
      } catch (thrown) {
        refused.value = asFailure(thrown);
      } finally {
        starts.delete(kind);
      }
    },
    async cancel() {
      const job = view.value;
      if (!job) return;
      try {
        await cancelJob(job.id);
      } catch (thrown) {
        refused.value = asFailure(thrown);
      }
    },
    clear() {
      refused.value = null;
      const job = view.value;
      if (job) known.delete(job.id);
      current.delete(kind);
    },
  };
}
