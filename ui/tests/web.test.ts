import { afterEach, expect, test, vi } from 'vitest';
import { MOST_FILES, type Picked } from '@/platform';
import { web } from '@/platform/web';

afterEach(() => vi.unstubAllGlobals());

const answer = (status: number, body: string) =>
  vi.stubGlobal('fetch', vi.fn(async () => new Response(body, { status })));

test('a command is a request to where the page came from', async () => {
  answer(200, '{"version":"1"}');
  expect(await web().call('hello', {})).toEqual({ version: '1' });
  expect(fetch).toHaveBeenCalledWith('/api/hello', expect.objectContaining({ method: 'POST', body: '{}', credentials: 'same-origin' }));
});

test('failures are what the program said', async () => {
  const said = { code: 'locked', args: {}, problems: [] };
  answer(409, JSON.stringify(said));
  await expect(web().call('hello', {})).rejects.toEqual(said);
});

test('what is no answer of the program is a failure all the same', async () => {
  answer(502, '<html>');
  await expect(web().call('hello', {})).rejects.toMatchObject({ code: 'internal', problems: [] });
  answer(500, '{"message":"x"}');
  await expect(web().call('hello', {})).rejects.toMatchObject({ code: 'internal' });
});

test('a program that is gone is told apart', async () => {
  vi.stubGlobal('fetch', vi.fn(async () => Promise.reject(new TypeError('failed'))));
  await expect(web().call('hello', {})).rejects.toEqual({ code: 'backend_gone', args: {}, problems: [] });
});

test('of too many dropped files the first are taken in, and the policy before them', async () => {
  const names: (string | null)[] = [];
  vi.stubGlobal(
    'fetch',
    vi.fn(async (path: string) => {
      const name = new URL(path, 'http://desk').searchParams.get('name');
      names.push(name);
      return new Response(JSON.stringify({ token: name, name, size: 1 }));
    }),
  );
  const files = [...Array.from({ length: MOST_FILES + 1 }, (_, n) => new File(['x'], `${n}.yinxin`)), new File(['x'], '信任文件.txt')];
  const event = Object.assign(new Event('drop'), { dataTransfer: { types: ['Files'], files } });
  const picked = await new Promise<Picked>((resolve) => {
    const end = web().onDrop((all) => (end(), resolve(all)));
    window.dispatchEvent(event);
  });
  expect([picked.files.length, picked.given]).toEqual([MOST_FILES, MOST_FILES + 2]);
  expect(names.slice(0, 2)).toEqual(['信任文件.txt', '0.yinxin']);
});
