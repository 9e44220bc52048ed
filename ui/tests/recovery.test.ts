import { flushPromises, mount } from '@vue/test-utils';
import { beforeEach, expect, test } from 'vitest';
import { i18n } from '@/i18n';
import { chooseLanguage } from '@/language';
import RecoveryPanel from '@/pages/home/RecoveryPanel.vue';
import { usePlatform, type Platform } from '@/platform';

let view = { state: 'not_made', at: null as number | null, needed: true };

beforeEach(() => {
  chooseLanguage('zh-CN');
  usePlatform({ call: () => Promise.resolve(view) } as unknown as Platform);
});

async function shown() {
  const panel = mount(RecoveryPanel, { global: { plugins: [i18n], stubs: { ElDialog: true } } });
  await flushPromises();
  return panel;
}

test('the desk reminds of the recovery sheet until it was read back', async () => {
  view = { state: 'not_made', at: null, needed: true };
  expect((await shown()).findAll('button').map((button) => button.text())).toEqual(['制作恢复单']);
  view = { state: 'made', at: 1_795_000_000, needed: true };
  const made = await shown();
  expect(made.text()).toContain('恢复单还没有读回');
  expect(made.findAll('button').map((button) => button.text())).toEqual(['读回恢复单', '主机口令丢失…', '重新制作']);
  view = { state: 'checked', at: 1_795_000_000, needed: false };
  expect((await shown()).text()).toBe('');
});
