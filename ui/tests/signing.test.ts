import { expect, test } from 'vitest';
import type { DraftSeen, WaitingPage, WaitingView } from '@/api/types';
import { byAct, readChosen } from '@/pages/approval/chosen';

function waiting(record: string, more: Partial<WaitingView> = {}): WaitingView {
  return {
    record,
    draft: `draft of ${record}`,
    template: 'community',
    act: 'publish',
    version: 1,
    drafter: '张三',
    own: false,
    step: 'approve',
    review: null,
    own_review: false,
    submitted: 1,
    values: {},
    before: {},
    reason: null,
    damaged: false,
    stale: null,
    ...more,
  };
}

const seen = (record: string): DraftSeen => ({ record, draft: `draft of ${record}` });

/** A host with these drafts, two to a page. */
function host(rows: WaitingView[]) {
  const asked: (string | null)[] = [];
  const read = (after: string | null): Promise<WaitingPage> => {
    asked.push(after);
    const from = Number(after ?? 0);
    const next = from + 2 < rows.length ? String(from + 2) : null;
    return Promise.resolve({ total: rows.length, waiting: rows.slice(from, from + 2), next });
  };
  return { read, asked };
}

const quiet = () => undefined;

test('what pages have shown is not asked for again', async () => {
  const { read, asked } = host([]);
  const chosen = await readChosen([seen('b'), seen('a')], new Map([waiting('a'), waiting('b')].map((row) => [row.record, row])), read, quiet);
  expect(chosen.rows.map(({ record }) => record)).toEqual(['b', 'a']);
  expect(asked).toEqual([]);
});

test('the rest is read page by page, until all is found', async () => {
  const { read, asked } = host(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((record) => waiting(record)));
  const told: number[] = [];
  const chosen = await readChosen([seen('a'), seen('d')], new Map(), read, (n) => told.push(n));
  expect(chosen.rows.map(({ record }) => record)).toEqual(['a', 'd']);
  expect(asked).toEqual([null, '2']);
  expect(told).toEqual([1, 2]);
});

test('what is no longer what was selected is left out, and said', async () => {
  const { read } = host([waiting('a'), waiting('b', { draft: 'another' }), waiting('c', { damaged: true })]);
  const known = new Map([['b', waiting('b', { draft: 'another' })]]);
  const chosen = await readChosen([seen('a'), seen('b'), seen('c'), seen('z')], known, read, quiet);
  expect(chosen.rows.map(({ record }) => record)).toEqual(['a']);
  expect(chosen).toMatchObject({ changed: 1, gone: 1, damaged: 1 });
});

test('acts are counted over everything', () => {
  const rows = [waiting('a', { act: 'withdraw' }), waiting('b'), waiting('c'), waiting('d', { act: 'other' })];
  expect(byAct(rows)).toEqual([
    { act: 'publish', n: 2 },
    { act: 'withdraw', n: 1 },
    { act: 'other', n: 1 },
  ]);
});
