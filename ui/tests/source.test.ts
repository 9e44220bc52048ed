import { expect, test } from 'vitest';
import { sources } from './sources';

const having = (pattern: RegExp) => sources().filter(({ text }) => pattern.test(text)).map(({ path }) => path);

test('values never become HTML', () => {
  expect(having(/v-html|innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment/)).toEqual([]);
});

test('nothing is compiled while the program runs', () => {
  expect(having(/\beval\(|new Function\(/)).toEqual([]);
});

test('only the platform knows the desktop shell', () => {
  expect(having(/@tauri-apps|__TAURI/)).toEqual(['platform/index.ts', 'platform/tauri.ts']);
});

test('only the platform asks over the network', () => {
  expect(having(/\bfetch\(|XMLHttpRequest|WebSocket|EventSource/)).toEqual(['platform/web.ts']);
});

test('nothing is loaded from elsewhere', () => {
  expect(having(/https?:\/\//)).toEqual([]);
});

test('nothing is kept in the browser', () => {
  expect(having(/localStorage|sessionStorage|indexedDB/)).toEqual([]);
});

test('nothing that must be read goes by in a toast', () => {
  expect(having(/ElMessage\b|ElNotification\b/)).toEqual([]);
});
