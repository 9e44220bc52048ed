import { mount } from '@vue/test-utils';
import { expect, test } from 'vitest';
import { nextTick } from 'vue';
import { usePages, type Slice } from '@/components/grid';
import DataGrid from '@/components/DataGrid.vue';

const rows = ['a', 'b', 'c'];

function grid(more: Record<string, unknown> = {}) {
  return mount(DataGrid<string>, {
    attachTo: document.body,
    props: {
      label: 'list',
      columns: [{ key: 'name', label: 'Name' }],
      rows,
      rowKey: (row: string) => row,
      ...more,
    },
    slots: { 'cell-name': '<template #cell-name="{ row }">{{ row }}</template>' },
  });
}

test('one row has the focus and keys move it', async () => {
  const wrapper = grid();
  const line = () => wrapper.findAll('tbody tr');
  expect(line().map((row) => row.attributes('tabindex'))).toEqual(['0', '-1', '-1']);
  await line()[0]!.trigger('keydown', { key: 'ArrowDown' });
  expect(line().map((row) => row.attributes('tabindex'))).toEqual(['-1', '0', '-1']);
  await line()[1]!.trigger('keydown', { key: 'End' });
  expect(document.activeElement).toBe(line()[2]!.element);
  await line()[2]!.trigger('keydown', { key: 'ArrowDown' });
  expect(document.activeElement).toBe(line()[2]!.element);
  await line()[2]!.trigger('keydown', { key: 'Home' });
  expect(document.activeElement).toBe(line()[0]!.element);
  wrapper.unmount();
});

test('Enter opens, but not the one that ends a composition', async () => {
  const wrapper = grid();
  const row = wrapper.findAll('tbody tr')[1]!;
  await row.trigger('keydown', { key: 'Enter', keyCode: 229 });
  expect(wrapper.emitted('open')).toBeUndefined();
  await row.trigger('keydown', { key: 'Enter' });
  expect(wrapper.emitted('open')).toEqual([['b']]);
  wrapper.unmount();
});

test('Space selects what may be selected', async () => {
  const refusal = (row: string) => (row === 'b' ? 'drafted by yourself' : null);
  const wrapper = grid({ selectable: true, refusal });
  const line = () => wrapper.findAll('tbody tr');
  await line()[0]!.trigger('keydown', { key: ' ' });
  expect(wrapper.emitted('update:selected')?.at(-1)).toEqual([['a']]);
  await line()[1]!.trigger('keydown', { key: ' ' });
  expect(wrapper.emitted('update:selected')).toHaveLength(1);
  expect(line()[1]!.find('input').attributes('title')).toBe('drafted by yourself');
  await wrapper.setProps({ selected: ['a', 'z'] });
  await line()[0]!.trigger('keydown', { key: 'a', ctrlKey: true });
  expect(wrapper.emitted('update:selected')?.at(-1)).toEqual([['a', 'z', 'c']].map((keys) => [keys[1], keys[0], keys[2]]));
  wrapper.unmount();
});

test('the grid tells where its rows stand', () => {
  const wrapper = grid({ page: { from: 51, total: 3520, hasPrevious: true, hasNext: true } });
  expect(wrapper.find('[role=grid]').attributes('aria-rowcount')).toBe('3521');
  expect(wrapper.find('tbody tr').attributes('aria-rowindex')).toBe('52');
  expect(wrapper.text()).toContain('第 51–53 条，共 3,520 条');
  wrapper.unmount();
});

test('pages go on and back', async () => {
  const all = ['1', '2', '3', '4', '5'];
  const read = async (after: string | null): Promise<Slice<string>> => {
    const start = after === null ? 0 : Number(after);
    const next = start + 2 < all.length ? String(start + 2) : null;
    return { rows: all.slice(start, start + 2), total: all.length, next };
  };
  const pages = usePages(read);
  await pages.restart();
  await pages.next();
  await pages.next();
  expect(pages.rows.value).toEqual(['5']);
  expect(pages.page.value).toEqual({ from: 5, total: 5, hasPrevious: true, hasNext: false });
  await pages.previous();
  expect(pages.rows.value).toEqual(['3', '4']);
  await pages.previous();
  expect(pages.page.value).toEqual({ from: 1, total: 5, hasPrevious: false, hasNext: true });
});

test('an answer that comes too late is dropped', async () => {
  const answers: ((slice: Slice<string>) => void)[] = [];
  const pages = usePages<string>(() => new Promise((resolve) => answers.push(resolve)));
  const [first, second] = [pages.restart(), pages.restart()];
  answers[1]!({ rows: ['new'], total: 1, next: null });
  await second;
  answers[0]!({ rows: ['old'], total: 1, next: null });
  await first;
  await nextTick();
  expect(pages.rows.value).toEqual(['new']);
  expect(pages.busy.value).toBe(false);
});
