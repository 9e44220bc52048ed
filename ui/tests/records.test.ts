import { mount } from '@vue/test-utils';
import { expect, test } from 'vitest';
import type { FieldView, PlanView, RecordRow, TemplateView } from '@/api/types';
import RecordState from '@/pages/records/RecordState.vue';
import ValueText from '@/pages/records/ValueText.vue';
import { beginning, changes, listedFields, recordName, visible } from '@/pages/records/values';
import { notes, same, submittable } from '@/pages/import/plan';
import { learnLabels } from '@/texts';

function field(key: string, more: Partial<FieldView> = {}): FieldView {
  return {
    key,
    label: { zh: `${key}项`, en: key },
    kind: 'string',
    long: false,
    required: true,
    max_length: 100,
    one_of: null,
    class: 'L',
    sharing: 'unconditional',
    open: false,
    default: null,
    ...more,
  };
}

const template: TemplateView = {
  name: 'community',
  label: { zh: '社区名录', en: 'Communities' },
  review: false,
  record_key: ['code'],
  fields: [
    field('code', { open: true, max_length: 12 }),
    field('name', { open: true }),
    field('town_code', { max_length: 9 }),
    field('town'),
    field('notes', { long: true, max_length: 50_000 }),
    field('county'),
    field('review', { one_of: ['a', 'b'] }),
  ],
};

test('a list shows the name, the key, and what tells records apart', () => {
  expect(listedFields(template).map(({ key }) => key)).toEqual(['name', 'code', 'town', 'county']);
});

test('a record is called by its name, or else by its key', () => {
  expect(recordName({ name: '保成社区', code: '1' }, template)).toBe('保成社区');
  expect(recordName({ name: null, code: '420102002003' }, template)).toBe('420102002003');
  expect(recordName({ name: '𬒈'.repeat(100), code: '1' }, template, 3)).toBe('𬒈𬒈𬒈…');
});

test('a long text is cut between characters', () => {
  expect(beginning('😀😀😀', 2)).toBe('😀😀…');
  expect(beginning('😀😀', 2)).toBe('😀😀');
});

test('what a screen would obey is shown, lines and joined emoji stay', () => {
  expect(visible('a\u202eb\u0007')).toBe('a\ufffdb\ufffd');
  expect(visible('一\n二 👨\u200d👩')).toBe('一\n二 👨\u200d👩');
});

test('what changed stands in the order of the template', () => {
  const changed = changes({ code: '1', town: '甲', name: null }, { code: '1', town: '乙', name: '新' }, template);
  expect(changed).toEqual([
    { key: 'name', was: '', now: '新' },
    { key: 'town', was: '甲', now: '乙' },
  ]);
});

const row = (more: Partial<RecordRow>): RecordRow => ({
  id: '1',
  template: 'community',
  state: 'published',
  version: 1,
  values: {},
  in_force: {}, damaged: false,
  erased: false,
  pending: null,
  ...more,
});

const pending = { act: 'amend', version: 2, drafter: '张三', submitted: 1, reason: null, review: null, returned: null, stale: null };

test.each([
  [row({}), '已登记第 1 版'],
  [row({ state: 'submitted', pending }), '已登记第 1 版·变更待审批'],
  [row({ state: 'returned', pending: { ...pending, act: 'withdraw', returned: { by: '李四', at: 2, reason: '' } } }), '已登记第 1 版·撤销已退回'],
  [row({ state: 'submitted', version: 0, pending: { ...pending, act: 'publish', version: 1 } }), '待审批'],
  [row({ state: 'in_review', version: 0, pending: { ...pending, act: 'publish', version: 1 } }), '待审核'],
  [row({ state: 'in_review', pending }), '已登记第 1 版·变更待审核'],
  [row({ state: 'withdrawn' }), '已撤销第 1 版'],
])('the state tells what is registered and what waits', (of, text) => {
  expect(mount(RecordState, { props: { row: of } }).text().replace(/\s*·\s*/, '·')).toBe(text);
});

test('a value is text and nothing else', () => {
  const wrapper = mount(ValueText, { props: { value: '<script>alert(1)</script>=cmd()' } });
  expect(wrapper.find('script').exists()).toBe(false);
  expect(wrapper.find('bdi').attributes('dir')).toBe('auto');
  expect(wrapper.text()).toBe('<script>alert(1)</script>=cmd()');
});

const plan: PlanView = {
  plan: 1,
  file: 'x.csv',
  template: 'community',
  rows: 10,
  new: 4,
  present: 3,
  withdrawn: 1,
  changed: 2,
  amendable: 1,
  refused: 1,
  problems: 2,
  ignored: [],
  defaulted: {},
  encoding: null,
};

test('what waits already is not submitted again', () => {
  expect([submittable(plan, false), submittable(plan, true), same(plan)]).toEqual([4, 5, 2]);
});

test('the sheet that goes back says what is wrong with each row', () => {
  learnLabels(template.fields);
  const problems = [
    { row: 5, field: 'town', code: 'problem_required', args: {} },
    { row: 5, field: 'code', code: 'problem_spreadsheet_number', args: {} },
  ];
  expect(notes(problems)[5]).toMatch(/^town项：必填，但是空的、code项：被表格软件当作数字/);
});
