import { flushPromises, mount } from '@vue/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { refreshDesk } from '@/api/desk';
import IdleBanner from '@/frame/IdleBanner.vue';
import { i18n } from '@/i18n';
import { chooseLanguage } from '@/language';
import { usePlatform, type Platform } from '@/platform';

const reported: boolean[] = [];
let presence = { seated: true, idle: null as number | null };

const GREETING = { session: { name: '张三示例', post: null, roles: ['drafter'] }, idle: null, office: null, offices: [], jobs: [], sitting: 1 };

beforeEach(async () => {
  vi.useFakeTimers();
  chooseLanguage('zh-CN');
  reported.length = 0;
  presence = { seated: true, idle: null };
  const call = (command: string, request: unknown) => {
    if (command === 'hello') return Promise.resolve(structuredClone(GREETING));
    if (command !== 'here') return Promise.resolve({});
    reported.push((request as { active: boolean }).active);
    return Promise.resolve(presence);
  };
  usePlatform({ call } as unknown as Platform);
  await refreshDesk();
});

afterEach(() => vi.useRealTimers());

const later = async () => {
  await vi.advanceTimersByTimeAsync(15_000);
  await flushPromises();
};

test('keys and the pointer are reported, and nothing else', async () => {
  const banner = mount(IdleBanner, { global: { plugins: [i18n] } });
  await later();
  document.dispatchEvent(new Event('pointermove'));
  await later();
  await later();
  document.dispatchEvent(new KeyboardEvent('keydown', { key: 'a' }));
  await later();
  expect(reported).toEqual([false, true, false, true]);
  banner.unmount();
  await later();
  expect(reported).toHaveLength(4);
});

test('that the desk has locked itself is shown with the reason', async () => {
  const banner = mount(IdleBanner, { global: { plugins: [i18n] } });
  expect(banner.text()).toBe('');
  presence = { seated: false, idle: 10 };
  await later();
  expect(banner.text()).toContain('10 分钟没有操作，已自动锁定');
  await later();
  expect(reported).toHaveLength(1);
  banner.unmount();
});
