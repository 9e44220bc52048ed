import { flushPromises, mount } from '@vue/test-utils';
import { beforeEach, expect, test } from 'vitest';
import { i18n } from '@/i18n';
import { chooseLanguage } from '@/language';
import AddPerson from '@/pages/people/AddPerson.vue';
import { usePlatform, type Platform } from '@/platform';

const asked: { command: string; request: unknown }[] = [];

/** As the program judges: this one is too short. */
function refusal({ passphrase }: { passphrase: string }) {
  return passphrase === 'short' ? { code: 'passphrase_short', args: { min: '8' }, problems: [] } : null;
}

beforeEach(() => {
  chooseLanguage('zh-CN');
  asked.length = 0;
  const call = (command: string, request: unknown) => {
    if (command === 'passphrase_judge') return Promise.resolve({ refused: refusal(request as { passphrase: string }) });
    asked.push({ command, request });
    return Promise.resolve({});
  };
  usePlatform({ call } as unknown as Platform);
});

async function filled() {
  const form = mount(AddPerson, { props: { hostPassphrase: 'host words', people: [] }, global: { plugins: [i18n] } });
  const [name, post] = form.findAll('input[type=text]');
  const [passphrase, again] = form.findAll('input[type=password]');
  await name!.setValue(' 陈一 ');
  await post!.setValue(' ');
  await passphrase!.setValue('own words');
  await again!.setValue('own words');
  await flushPromises();
  return { form, again: again! };
}

test('a drafter is proposed first, and the button says who is added', async () => {
  const { form } = await filled();
  await form.get('button').trigger('click');
  await flushPromises();
  expect(form.get('button').text()).toBe('把陈一加入名册');
  expect(asked[0]).toEqual({
    command: 'people_add',
    request: { name: '陈一', post: null, roles: ['drafter'], passphrase: 'own words', host_passphrase: 'host words' },
  });
  expect(form.emitted('added')).toHaveLength(1);
  expect(form.findAll('input[type=password]').map((input) => (input.element as HTMLInputElement).value)).toEqual(['', '']);
});

test('Enter adds nobody, and what is missing is said', async () => {
  const { form, again } = await filled();
  await again.trigger('keydown', { key: 'Enter' });
  await again.trigger('keydown', { key: 'Enter', ctrlKey: true });
  await again.setValue('other words');
  await form.get('button').trigger('click');
  await flushPromises();
  expect(asked).toEqual([]);
  expect(form.text()).toContain('两次输入的不一样');
  expect(form.text()).toContain('还差不容易猜到的口令');
});

test('a passphrase that the program refuses is not taken, and why is said', async () => {
  const { form, again } = await filled();
  await form.find('input[type=password]').setValue('short');
  await again.setValue('short');
  await flushPromises();
  await form.get('button').trigger('click');
  await flushPromises();
  expect(asked).toEqual([]);
  expect(form.text()).toContain('口令太短，至少要 8 个字符');
  expect(form.text()).toContain('一句只有自己知道的话');
});
