/**
 * Keeps what is typed into forms. A form that is not kept yet stays here, and is
 * tried again, whatever page is shown meanwhile and whoever is unlocked.
 */
import { computed, reactive, ref, watch, type ComputedRef, type Ref } from 'vue';
import { call } from '@/api/call';
import { session } from '@/api/desk';
import { asFailure } from '@/api/failure';
import type { Failure, FormView, ProblemView } from '@/api/types';

const PAUSE = 400;
const AGAIN = 4_000;
/** Trying again helps only after somebody has done something. */
const HOPELESS = new Set(['locked', 'role_needed', 'no_such_form', 'form_too_large', 'form_changed', 'no_office_open', 'sitting_changed']);

export interface Keeper {
  readonly cells: Readonly<Record<string, string>>;
  /** When it was kept last: seconds since 1970. */
  saved: Ref<number>;
  problems: Ref<readonly ProblemView[]>;
  /** Why it could not be kept. */
  failure: Ref<Failure | null>;
  /** Whether something is typed that is not kept. */
  dirty: ComputedRef<boolean>;
  type(key: string, text: string): void;
  /** Keeps it now; gives whether everything is kept. */
  flush(): Promise<boolean>;
  /** Forgets it: it is submitted or discarded. */
  drop(): void;
}

const keepers = new Map<string, Keeper>();

/** The keeper of a form; what was typed and not kept comes back with it. */
export function keeperOf(form: FormView): Keeper {
  const known = keepers.get(form.id);
  if (known?.dirty.value) return known;
  const made = keep(form);
  keepers.set(form.id, made);
  return made;
}

type Cells = Readonly<Record<string, string | undefined>>;

const same = (one: Cells, other: Cells, key: string) => (one[key] ?? '') === (other[key] ?? '');

/** Whether two changes of the same cells differ in a field that both have changed. */
export function apart(base: Cells, mine: Cells, theirs: Cells): boolean {
  const keys = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])];
  return keys.some((key) => !same(base, mine, key) && !same(base, theirs, key) && !same(mine, theirs, key));
}

function keep(form: FormView): Keeper {
  const cells = reactive<Record<string, string>>({ ...form.cells });
  const saved = ref(form.saved);
  const problems = ref<readonly ProblemView[]>(form.problems);
  const failure = ref<Failure | null>(null);
  const [typed, kept] = [ref(0), ref(0)];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<boolean> | null = null;
  let dropped = false;
  /** What is kept, as far as this page knows: what it changes is told from what another window does. */
  let base: Cells = { ...form.cells };
  let revision = form.revision;

  /** Takes in what another window has kept, unless both have changed the same field; gives whether it did. */
  async function takeIn(): Promise<boolean> {
    const theirs = await call('form', { id: form.id });
    if (apart(base, cells, theirs.cells)) return false;
    for (const key of Object.keys(theirs.cells)) if (same(base, cells, key)) cells[key] = theirs.cells[key] ?? '';
    base = { ...theirs.cells };
    revision = theirs.revision;
    return true;
  }

  function soon(pause: number) {
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), pause);
  }

  async function save(): Promise<boolean> {
    // What is typed while one saving runs is kept by the next.
    while (!dropped && kept.value < typed.value) {
      const mine = typed.value;
      try {
        const sent = { ...cells };
        const answer = await call('form_save', { id: form.id, cells: sent, revision });
        base = sent;
        revision = answer.revision;
        kept.value = mine;
        saved.value = answer.saved;
        problems.value = answer.problems;
        failure.value = null;
      } catch (thrown) {
        failure.value = asFailure(thrown);
        if (failure.value.code === 'form_changed' && (await tookIn())) continue;
        if (!dropped && !HOPELESS.has(failure.value.code)) soon(AGAIN);
        return false;
      }
    }
    return true;
  }

  async function tookIn(): Promise<boolean> {
    try {
      return await takeIn();
    } catch (thrown) {
      failure.value = asFailure(thrown);
      return false;
    }
  }

  function flush(): Promise<boolean> {
    clearTimeout(timer);
    running ??= save().finally(() => (running = null));
    return running;
  }

  return {
    cells,
    saved,
    problems,
    failure,
    dirty: computed(() => kept.value < typed.value),
    type(key, text) {
      if ((cells[key] ?? '') === text) return;
      cells[key] = text;
      typed.value += 1;
      soon(PAUSE);
    },
    flush,
    drop() {
      dropped = true;
      clearTimeout(timer);
      keepers.delete(form.id);
    },
  };
}

/** What could not be kept, and why. */
export interface Unkept {
  forms: number;
  failure: Failure | null;
}

const unkept = () => [...keepers.values()].filter((keeper) => keeper.dirty.value);

/** Keeps everything that is typed by now, before the window closes. */
export async function keepAll(): Promise<Unkept> {
  await Promise.all(unkept().map((keeper) => keeper.flush()));
  return stillUnkept();
}

export function stillUnkept(): Unkept {
  const left = unkept();
  return { forms: left.length, failure: left.find((keeper) => keeper.failure.value)?.failure.value ?? null };
}

// Whoever unlocks may be the one whose form waits here.
watch(session, (person) => {
  if (person) unkept().forEach((keeper) => void keeper.flush());
});

document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') unkept().forEach((keeper) => void keeper.flush());
});

// The one thing that would lose what is typed: to close the window while it cannot be kept.
window.addEventListener('beforeunload', (event) => {
  if (unkept().some((keeper) => keeper.failure.value)) event.preventDefault();
});
