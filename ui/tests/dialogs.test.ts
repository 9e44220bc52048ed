import { flushPromises, mount } from '@vue/test-utils';
import { afterEach, expect, test } from 'vitest';
import { i18n } from '@/i18n';
import AskDialog from '@/pages/records/AskDialog.vue';

afterEach(() => (document.body.innerHTML = ''));

const base = { open: true, title: '签发', action: '签发 12 条', back: '返回' };

async function shown(props: Record<string, unknown>) {
  const dialog = mount(AskDialog, { props: { ...base, ...props }, global: { plugins: [i18n] }, attachTo: document.body });
  await flushPromises();
  const button = [...document.querySelectorAll('button')].find((one) => one.textContent?.includes('签发 12 条'))!;
  return { dialog, button };
}

test('what signs is done once: not while it is done, nor while the dialog goes away', async () => {
  const { dialog, button } = await shown({});
  button.click();
  await dialog.setProps({ busy: true });
  button.click();
  button.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
  await dialog.setProps({ busy: false, open: false });
  button.click();
  expect(dialog.emitted('act')).toHaveLength(1);
  dialog.unmount();
});

test('what cannot be done yet is not done', async () => {
  const { dialog, button } = await shown({ reason: '还没有人解锁' });
  button.click();
  expect(dialog.emitted('act')).toBeUndefined();
  dialog.unmount();
});
