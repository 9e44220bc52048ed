import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { FormView } from '@/api/types';
import { keeperOf } from '@/pages/form/keeping';
import { timeOfDay } from '@/pages/form/timeOfDay';
import { usePlatform, type Platform } from '@/platform';

const ask = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  ask.mockReset();
  ask.mockResolvedValue({ saved: 7, revision: 2, problems: [] });
  usePlatform({ call: ask } as unknown as Platform);
});

afterEach(() => vi.useRealTimers());

let forms = 0;
function form(): FormView {
  forms += 1;
  return { id: `f${forms}`, template: 'community', record: null, cells: { village: '' }, before: {}, saved: 1, revision: 1, problems: [], damaged: false };
}

const failure = (code: string) => ({ code, args: {}, problems: [] });

test('what is typed is kept after a pause, in one request', async () => {
  const keeper = keeperOf(form());
  keeper.type('village', '保');
  keeper.type('village', '保成社区');
  expect(keeper.dirty.value).toBe(true);
  await vi.advanceTimersByTimeAsync(399);
  expect(ask).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(ask).toHaveBeenCalledTimes(1);
  expect(ask.mock.calls[0]![1].cells).toEqual({ village: '保成社区' });
  expect(keeper.dirty.value).toBe(false);
  expect(keeper.saved.value).toBe(7);
});

test('what is typed while one request runs is kept by the next', async () => {
  let answer: (saved: unknown) => void = () => undefined;
  ask.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
  const keeper = keeperOf(form());
  keeper.type('village', '一');
  const kept = keeper.flush();
  keeper.type('village', '一二');
  answer({ saved: 2, problems: [] });
  expect(await kept).toBe(true);
  expect(ask.mock.calls.map(([, request]) => request.cells.village)).toEqual(['一', '一二']);
  expect(keeper.dirty.value).toBe(false);
});

test('what cannot be kept stays and is tried again', async () => {
  ask.mockRejectedValueOnce(failure('disk_full'));
  const view = form();
  const keeper = keeperOf(view);
  keeper.type('village', '😀 𬒈 <script>');
  expect(await keeper.flush()).toBe(false);
  expect(keeper.failure.value?.code).toBe('disk_full');
  // Another page, and back.
  expect(keeperOf(view).cells.village).toBe('😀 𬒈 <script>');
  await vi.advanceTimersByTimeAsync(4_000);
  expect(keeper.failure.value).toBeNull();
  expect(keeper.dirty.value).toBe(false);
});

test('nobody is asked again and again who must unlock first', async () => {
  ask.mockRejectedValue(failure('locked'));
  const keeper = keeperOf(form());
  keeper.type('village', '甲');
  await keeper.flush();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ask).toHaveBeenCalledTimes(1);
  expect(keeper.cells.village).toBe('甲');
  keeper.drop();
});

test('a form that is gone is not kept any more', async () => {
  const keeper = keeperOf(form());
  keeper.type('village', '甲');
  keeper.drop();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(ask).not.toHaveBeenCalled();
});

test('the time of day is that of China', () => {
  expect(timeOfDay(1_795_395_731)).toBe('09:02:11');
});

test('what another window has kept in other fields is taken in', async () => {
  const keeper = keeperOf({ ...form(), cells: { village: '', town: '' } });
  ask.mockRejectedValueOnce(failure('form_changed'));
  ask.mockResolvedValueOnce({ ...form(), cells: { village: '', town: '大智街道' }, revision: 5 });
  keeper.type('village', '保成社区');
  expect(await keeper.flush()).toBe(true);
  expect(ask.mock.calls.at(-1)![1]).toMatchObject({ cells: { village: '保成社区', town: '大智街道' }, revision: 5 });
  expect(keeper.failure.value).toBeNull();
});

test('a field that both windows have changed is not overwritten, and somebody is told', async () => {
  const keeper = keeperOf({ ...form(), cells: { village: '' } });
  ask.mockRejectedValueOnce(failure('form_changed'));
  ask.mockResolvedValueOnce({ ...form(), cells: { village: '泰宁社区' }, revision: 5 });
  keeper.type('village', '保成社区');
  expect(await keeper.flush()).toBe(false);
  expect(keeper.failure.value?.code).toBe('form_changed');
  expect(keeper.cells.village).toBe('保成社区');
});
