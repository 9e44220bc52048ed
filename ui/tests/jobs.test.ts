import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { effectScope } from 'vue';
import { isBackendGone } from '@/api/connection';
import { failure } from '@/api/failure';
import { rememberJobs, secondsLeft, useJob } from '@/api/jobs';
import type { JobView } from '@/api/types';
import { usePlatform, type Platform } from '@/platform';

const running = (id: number, done: number): JobView => ({
  id,
  kind: 'audit',
  state: 'running',
  done,
  total: 100,
  started: 1_000,
  failure: null,
  result: null,
});

const call = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  call.mockReset();
  usePlatform({ call } as unknown as Platform);
});

afterEach(() => vi.useRealTimers());

test('the time left follows from the time passed', () => {
  expect(secondsLeft(running(1, 25), 1_010)).toBe(30);
  expect(secondsLeft(running(1, 0), 1_010)).toBeNull();
  expect(secondsLeft({ ...running(1, 25), total: null }, 1_010)).toBeNull();
  expect(secondsLeft({ ...running(1, 25), state: 'done' }, 1_010)).toBeNull();
});

test('a job of a greeting is found again and followed to its end', async () => {
  call.mockResolvedValueOnce(running(1, 50)).mockResolvedValueOnce({ ...running(1, 100), state: 'done' });
  rememberJobs([running(1, 10)]);
  const scope = effectScope();
  const job = scope.run(() => useJob('audit'))!;
  expect(job.running.value).toBe(true);
  await vi.advanceTimersByTimeAsync(300);
  expect(job.view.value?.done).toBe(50);
  await vi.advanceTimersByTimeAsync(300);
  expect(job.view.value?.state).toBe('done');
  expect(call).toHaveBeenCalledTimes(2);
  scope.stop();
});

test('a program that is gone for a while loses no job; one that was started anew does', async () => {
  call.mockRejectedValueOnce(failure('backend_gone')).mockRejectedValueOnce(failure('no_such_job'));
  const scope = effectScope();
  const job = scope.run(() => useJob('audit'))!;
  await job.start(() => Promise.resolve(running(2, 10)));
  await vi.advanceTimersByTimeAsync(300);
  expect(isBackendGone.value).toBe(true);
  expect(job.running.value).toBe(true);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(job.view.value?.state).toBe('failed');
  expect(job.failure.value?.code).toBe('no_such_job');
  scope.stop();
});

test('what could not be started says why', async () => {
  const scope = effectScope();
  const job = scope.run(() => useJob('import'))!;
  await job.start(() => Promise.reject(failure('locked')));
  expect(job.failure.value?.code).toBe('locked');
  expect(job.running.value).toBe(false);
  scope.stop();
});

test('what is asked twice is begun once, also on another page', async () => {
  const scope = effectScope();
  const [job, elsewhere] = scope.run(() => [useJob('approve'), useJob('approve')] as const)!;
  let begun: (job: JobView) => void = () => undefined;
  const begin = vi.fn(() => new Promise<JobView>((resolve) => (begun = resolve)));
  const first = job.start(begin);
  expect([job.starting.value, elsewhere.starting.value]).toEqual([true, true]);
  await Promise.all([job.start(begin), elsewhere.start(begin)]);
  begun({ ...running(3, 0), kind: 'approve' });
  await first;
  expect(job.starting.value).toBe(false);
  // It runs.
  await job.start(begin);
  expect(begin).toHaveBeenCalledTimes(1);
  job.clear();
  scope.stop();
});
