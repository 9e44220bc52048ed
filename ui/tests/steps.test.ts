import { expect, test } from 'vitest';
import type { ChangeView } from '@/api/types';
import { stepsOf } from '@/pages/people/steps';

const change = (draft: string, together: string | null) => ({ draft, together }) as ChangeView;

test('what was proposed together is one step, wherever it stands', () => {
  const steps = stepsOf([change('a', 'x'), change('b', null), change('c', 'x'), change('d', null)]);
  expect(steps.map(({ changes }) => changes.map(({ draft }) => draft))).toEqual([['a', 'c'], ['b'], ['d']]);
  expect(stepsOf([])).toEqual([]);
});
