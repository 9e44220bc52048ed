/** What is about to be signed: every draft that was selected, read whole before anybody signs it. */
import type { DraftSeen, WaitingPage, WaitingView } from '@/api/types';

export interface Chosen {
  /** These are signed, in the order in which they were selected. */
  rows: WaitingView[];
  /** Submitted again since they were selected. */
  changed: number;
  /** No longer waiting. */
  gone: number;
  /** Unreadable. */
  damaged: number;
}

/**
 * Finds the drafts among those that pages have shown, and asks for the rest page
 * by page. What is no longer what was selected is counted and left out.
 */
export async function readChosen(
  items: readonly DraftSeen[],
  known: ReadonlyMap<string, WaitingView>,
  read: (after: string | null) => Promise<WaitingPage>,
  soFar: (found: number) => void,
): Promise<Chosen> {
  const found = new Map<string, WaitingView>();
  for (const { record, draft } of items) {
    const row = known.get(record);
    if (row?.draft === draft) found.set(record, row);
  }
  const missing = new Set(items.map(({ record }) => record).filter((record) => !found.has(record)));
  let after: string | null = null;
  while (missing.size > 0) {
    const page: WaitingPage = await read(after);
    for (const row of page.waiting) if (missing.delete(row.record)) found.set(row.record, row);
    soFar(found.size);
    after = page.next;
    if (after === null) break;
  }
  return sorted(items, found);
}

function sorted(items: readonly DraftSeen[], found: ReadonlyMap<string, WaitingView>): Chosen {
  const chosen: Chosen = { rows: [], changed: 0, gone: 0, damaged: 0 };
  for (const { record, draft } of items) {
    const row = found.get(record);
    if (!row) chosen.gone += 1;
    else if (row.draft !== draft) chosen.changed += 1;
    else if (row.damaged) chosen.damaged += 1;
    else chosen.rows.push(row);
  }
  return chosen;
}

const ACTS = ['publish', 'amend', 'withdraw'];

/** How many of each act, in the order in which people think of them; no zeros. */
export function byAct(rows: readonly WaitingView[]): { act: string; n: number }[] {
  const counts = new Map<string, number>(ACTS.map((act) => [act, 0]));
  for (const { act } of rows) counts.set(act, (counts.get(act) ?? 0) + 1);
  return [...counts].map(([act, n]) => ({ act, n })).filter(({ n }) => n > 0);
}
