import { expect, it } from 'vitest';
import { useAttempt } from '@/api/attempt';

it('does one thing at a time and keeps what went wrong', async () => {
  const { busy, failure, attempt } = useAttempt();
  const failed = { code: 'no_such_record', args: {}, problems: [] };
  let end = () => {};
  let done = 0;
  const after: string[] = [];
  const first = attempt(() => new Promise<void>((resolve) => (end = resolve)), () => after.push('first'));
  expect(busy.value).toBe(true);
  await attempt(async () => (done += 1));
  expect(done).toBe(0);
  end();
  await first;
  expect([busy.value, after]).toEqual([false, ['first']]);
  await attempt(async () => { throw failed; }, () => after.push('second'));
  expect(failure.value?.code).toBe('no_such_record');
  expect([busy.value, after]).toEqual([false, ['first', 'second']]);
  await attempt(async () => (done += 1));
  expect([failure.value, done]).toEqual([null, 1]);
});
