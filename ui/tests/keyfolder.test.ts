import { flushPromises, mount } from '@vue/test-utils';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { failure } from '@/api/failure';
import type { FolderRef, KeyFolderView } from '@/api/types';
import KeyFolderDialog from '@/components/KeyFolderDialog.vue';
import { i18n } from '@/i18n';
import { usePlatform, type Platform } from '@/platform';

const STICK: FolderRef = { token: 'a1', folder: '/media/何/密钥', keys: 1, new: false };
const PICKED: FolderRef = { token: 'b2', folder: '/home/何/密钥', keys: 0, new: false };

let view: KeyFolderView;
let asked: unknown[];
let refused: string | null;

/** A host; the desktop's has a dialog for folders. */
function host(pickFolder?: Platform['pickFolder']) {
  const call = (command: string, request: { folder?: string | null }) => {
    if (command === 'key_folder_choose') {
      asked.push(request.folder);
      if (refused) return Promise.reject(failure(refused, { path: STICK.folder }));
    }
    return Promise.resolve({ ...view });
  };
  usePlatform({ call, pickFolder } as unknown as Platform);
}

async function shown() {
  const dialog = mount(KeyFolderDialog, { global: { plugins: [i18n] }, attachTo: document.body });
  await flushPromises();
  return dialog;
}

const button = (text: string) => [...document.querySelectorAll('button')].find((one) => one.textContent?.includes(text));
const radios = () => [...document.querySelectorAll<HTMLInputElement>('input[type="radio"]')];

async function press(text: string) {
  button(text)!.click();
  await flushPromises();
}

beforeEach(() => {
  view = { folder: '/data/own-keys', usual: '/data/own-keys', chosen: false, there: false, offered: [STICK] };
  asked = [];
  refused = null;
});

afterEach(() => (document.body.innerHTML = ''));

test('a folder of the system’s dialog is shown before it is chosen, and the page gives its token', async () => {
  host(() => {
    view.offered = [STICK, PICKED];
    return Promise.resolve(PICKED);
  });
  const dialog = await shown();
  expect(radios().map(({ checked }) => checked)).toEqual([true, false]);
  await press('选别的文件夹');
  expect(radios().map(({ checked }) => checked)).toEqual([false, false, true]);
  expect(document.body.textContent).toContain(PICKED.folder);
  expect(asked).toEqual([]);
  await press('使用这个文件夹');
  expect(asked).toEqual([PICKED.token]);
  expect(dialog.emitted('close')).toHaveLength(1);
  dialog.unmount();
});

test('in a browser there is no such dialog, and the usual folder is chosen by no token', async () => {
  host();
  view = { ...view, folder: STICK.folder, chosen: true, there: true };
  const dialog = await shown();
  expect(button('选别的文件夹')).toBeUndefined();
  expect(radios().map(({ checked }) => checked)).toEqual([false, true]);
  radios()[0]!.click();
  await flushPromises();
  await press('使用这个文件夹');
  expect(asked).toEqual([null]);
  dialog.unmount();
});

test('a folder that was pulled out is not taken for the usual one, and what is refused stays open', async () => {
  host();
  view = { ...view, folder: '/media/何/拔了', chosen: true };
  const dialog = await shown();
  expect(radios().some(({ checked }) => checked)).toBe(false);
  expect(button('使用这个文件夹')!.disabled).toBe(true);
  expect(document.body.textContent).toContain('/media/何/拔了');
  refused = 'key_folder_gone';
  radios()[1]!.click();
  await flushPromises();
  await press('使用这个文件夹');
  expect(asked).toEqual([STICK.token]);
  expect(dialog.emitted('close')).toBeUndefined();
  expect(document.body.textContent).toContain('可能是优盘没有插好');
  dialog.unmount();
});
