/** Columns and pages of a grid. */
import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { asFailure } from '@/api/failure';
import type { Failure } from '@/api/types';

export interface GridColumn {
  /** The cell's slot is `cell-<key>`. */
  key: string;
  label: string;
  /** A CSS width; a column without one takes what is left. */
  width?: string;
  align?: 'left' | 'right' | 'center';
  /** For codes. */
  mono?: boolean;
  /** Lets long text take several lines. */
  wrap?: boolean;
}

export interface GridPage {
  /** The number of the first row, from 1. */
  from: number;
  total: number;
  hasPrevious: boolean;
  hasNext: boolean;
}

/** What a list command answers: rows, how many on all pages, where the next page begins. */
export interface Slice<T> {
  rows: readonly T[];
  total: number;
  next: string | null;
}

export interface Pages<T> {
  rows: ShallowRef<readonly T[]>;
  page: ComputedRef<GridPage>;
  busy: Ref<boolean>;
  failure: Ref<Failure | null>;
  /** From the first page: another filter. */
  restart(): Promise<void>;
  /** The same page again. */
  reload(): Promise<void>;
  next(): Promise<void>;
  previous(): Promise<void>;
}

/**
 * Pages by cursor: the list tells where the next one begins, and the way back is
 * remembered here. An answer that comes after a later question is dropped.
 */
export function usePages<T>(read: (after: string | null) => Promise<Slice<T>>): Pages<T> {
  const rows = shallowRef<readonly T[]>([]);
  const total = ref(0);
  const following = ref<string | null>(null);
  const before = ref<{ after: string | null; from: number }[]>([]);
  const here = ref<{ after: string | null; from: number }>({ after: null, from: 1 });
  const busy = ref(false);
  const failure = ref<Failure | null>(null);
  let asked = 0;

  async function load(place: { after: string | null; from: number }): Promise<boolean> {
    asked += 1;
    const mine = asked;
    busy.value = true;
    try {
      const slice = await read(place.after);
      if (mine !== asked) return false;
      rows.value = slice.rows;
      total.value = slice.total;
      following.value = slice.next;
      here.value = place;
      failure.value = null;
      return true;
    } catch (thrown) {
      if (mine === asked) failure.value = asFailure(thrown);
      return false;
    } finally {
      if (mine === asked) busy.value = false;
    }
  }

  return {
    rows,
    busy,
    failure,
    page: computed(() => ({
      from: here.value.from,
      total: total.value,
      hasPrevious: before.value.length > 0,
      hasNext: following.value !== null,
    })),
    async restart() {
      if (await load({ after: null, from: 1 })) before.value = [];
    },
    async reload() {
      await load(here.value);
    },
    async next() {
      const left = here.value;
      if (following.value === null || busy.value) return;
      const place = { after: following.value, from: left.from + rows.value.length };
      if (await load(place)) before.value = [...before.value, left];
    },
    async previous() {
      const place = before.value.at(-1);
      if (!place || busy.value) return;
      if (await load(place)) before.value = before.value.slice(0, -1);
    },
  };
}
