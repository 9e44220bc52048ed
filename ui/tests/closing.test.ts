import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { rememberJobs } from '@/api/jobs';
import type { FormView, JobKind, JobView } from '@/api/types';
import { closeAnyway, closingAbandoned, closingStep, closingUnkept, closingWished, keepAndClose, stopAndClose, workUnderWay } from '@/frame/closing';
import { keeperOf } from '@/pages/form/keeping';
import { usePlatform, type Platform } from '@/platform';

const call = vi.fn();
const answers: boolean[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  call.mockReset();
  answers.length = 0;
  const answerClosing = (close: boolean) => Promise.resolve(void answers.push(close));
  usePlatform({ call, answerClosing } as unknown as Platform);
});

afterEach(() => {
  closingAbandoned();
  vi.useRealTimers();
});

let forms = 0;
function typed(text: string) {
  forms += 1;
  const form: FormView = { id: `c${forms}`, template: 'community', record: null, cells: {}, before: {}, saved: 1, revision: 1, damaged: false, problems: [] };
  const keeper = keeperOf(form);
  keeper.type('village', text);
  return keeper;
}

let jobs = 100;
function running(kind: JobKind): JobView {
  jobs += 1;
  return { id: jobs, kind, state: 'running', done: 3, total: 9, started: 1, failure: null, result: null };
}

const wait = (time: number) => vi.advanceTimersByTimeAsync(time);

test('what was typed a moment ago is kept before the window closes', async () => {
  call.mockResolvedValue({ saved: 2, problems: [] });
  const keeper = typed('保成社区');
  await closingWished();
  expect(call.mock.calls.map(([command, request]) => [command, request.cells.village])).toEqual([['form_save', '保成社区']]);
  expect(answers).toEqual([true]);
  expect(keeper.dirty.value).toBe(false);
});

test('what cannot be kept is said, and nothing closes until a person says so', async () => {
  call.mockRejectedValue({ code: 'disk_full', args: {}, problems: [] });
  const keeper = typed('甲');
  await closingWished();
  expect([closingStep.value, answers]).toEqual(['unkept', [false]]);
  expect(closingUnkept.value).toMatchObject({ forms: 1, failure: { code: 'disk_full' } });
  await closeAnyway();
  expect(answers).toEqual([false, true]);
  // Or it is tried again.
  call.mockResolvedValue({ saved: 2, problems: [] });
  await keepAndClose();
  expect(answers.at(-1)).toBe(true);
  expect(closingStep.value).toBeNull();
  keeper.drop();
});

test('a save that takes long is not waited for in silence', async () => {
  call.mockImplementation(() => new Promise(() => undefined));
  const keeper = typed('乙');
  const wished = closingWished();
  await wait(1_999);
  expect(answers).toEqual([]);
  await wait(1);
  await wished;
  expect([closingStep.value, answers]).toEqual(['unkept', [false]]);
  keeper.drop();
});

test('about work under way a person is asked; stopping closes once it has ended', async () => {
  const job = running('approve');
  call.mockResolvedValue(job);
  rememberJobs([job]);
  await closingWished();
  expect([closingStep.value, answers]).toEqual(['work', [false]]);
  await stopAndClose();
  expect(call.mock.calls.filter(([command]) => command === 'job_cancel').map(([, request]) => request)).toEqual([{ id: job.id }]);
  await wait(300);
  expect([closingStep.value, answers]).toEqual(['stopping', [false]]);
  call.mockResolvedValue({ ...job, state: 'cancelled' });
  await wait(300);
  expect(workUnderWay.value).toEqual([]);
  expect([closingStep.value, answers]).toEqual([null, [false, true]]);
});

test('who goes on working keeps the window, also when it ends', async () => {
  const job = running('import');
  call.mockResolvedValue(job);
  rememberJobs([job]);
  await closingWished();
  await stopAndClose();
  closingAbandoned();
  call.mockResolvedValue({ ...job, state: 'cancelled' });
  await wait(600);
  expect(answers).toEqual([false]);
});

test('what only reads does not keep the window open', async () => {
  const job = running('audit');
  call.mockResolvedValue(job);
  rememberJobs([job]);
  await closingWished();
  expect(answers).toEqual([true]);
  call.mockResolvedValue({ ...job, state: 'done' });
  await wait(300);
});
