import { mount } from '@vue/test-utils';
import { beforeAll, expect, test, vi } from 'vitest';
import { defineComponent, h, withDirectives } from 'vue';
import { vEnter } from '@/keys/composition';
import { listenToKeys, useShortcuts, type Shortcuts } from '@/keys/shortcuts';

beforeAll(listenToKeys);

function page(shortcuts: Shortcuts) {
  const component = defineComponent({
    setup() {
      useShortcuts(shortcuts);
      return () => h('input');
    },
  });
  return mount(component, { attachTo: document.body });
}

const press = (target: EventTarget, init: KeyboardEventInit) =>
  target.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init }));

test('Enter during composition does nothing else', () => {
  const act = vi.fn();
  const wrapper = mount(defineComponent(() => () => withDirectives(h('input'), [[vEnter, act]])));
  press(wrapper.element, { key: 'Enter', isComposing: true });
  press(wrapper.element, { key: 'Enter', keyCode: 229 });
  press(wrapper.element, { key: 'Enter', ctrlKey: true });
  expect(act).not.toHaveBeenCalled();
  press(wrapper.element, { key: 'Enter' });
  expect(act).toHaveBeenCalledOnce();
});

test('the page that came last is asked first', () => {
  const [below, above] = [{ create: vi.fn(), search: vi.fn() }, { create: vi.fn() }];
  const [first, second] = [page(below), page(above)];
  press(document.body, { key: 'n' });
  press(document.body, { key: '/' });
  expect([below.create, below.search, above.create].map((act) => act.mock.calls.length)).toEqual([0, 1, 1]);
  second.unmount();
  press(document.body, { key: 'n' });
  expect(below.create).toHaveBeenCalledOnce();
  first.unmount();
});

test('letters that are written are no shortcuts; Ctrl+Enter and Esc are', () => {
  const keys = { create: vi.fn(), search: vi.fn(), main: vi.fn(), close: vi.fn() };
  const wrapper = page(keys);
  press(wrapper.element, { key: 'n' });
  press(wrapper.element, { key: '/' });
  press(wrapper.element, { key: 'Enter', ctrlKey: true, keyCode: 229 });
  expect([keys.create, keys.search, keys.main].map((act) => act.mock.calls.length)).toEqual([0, 0, 0]);
  press(wrapper.element, { key: 'Enter', ctrlKey: true });
  press(wrapper.element, { key: 'Escape' });
  expect(keys.main).toHaveBeenCalledOnce();
  expect(keys.close).toHaveBeenCalledOnce();
  wrapper.unmount();
});
