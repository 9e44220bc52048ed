// A computer is lost: one screen suspends everybody whose key lay on it, and the
// other admin confirms all of them at once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { practice } from './host.mjs';
import { look, nothingWrong } from './look.mjs';
import { dialogOf, DRAFTER, SECURITY_ADMIN, SYSTEM_ADMIN } from './steps.mjs';

const OTHER = ['王五示例', 'practice-wangwu'];

let office;
const seen = async (name, language = 'zh-CN') => nothingWrong(await look(office, name, { language, theme: 'light', practice: false }));
before(async () => {
  office = await practice();
});
after(() => office.end());

const row = (name) => office.page.locator('tbody tr', { hasText: name });

async function asPerson(person) {
  await office.unlock(...person);
  await office.show('/people');
}

async function openDialog() {
  await office.page.getByRole('button', { name: '电脑丢失…' }).click();
  return dialogOf(office.page);
}

test('who is no admin cannot, and a set that leaves no admin is not proposed', async () => {
  const { page } = office;
  await asPerson(DRAFTER);
  await page.getByRole('button', { name: '电脑丢失…' }).click({ force: true });
  assert.equal(await page.getByRole('dialog').count(), 0);
  // What waits of somebody in the practice city is done first.
  await asPerson(SECURITY_ADMIN);
  const waits = page.locator('main li', { hasText: OTHER[0] });
  await waits.getByRole('button', { name: '撤下' }).click();
  await waits.waitFor({ state: 'detached' });
  await asPerson(SYSTEM_ADMIN);
  const dialog = await openDialog();
  const propose = dialog.getByRole('button', { name: /^提出停用/ });
  assert.equal(await propose.isDisabled(), true);
  // One's own key must not be among them.
  assert.equal(await dialog.getByRole('checkbox', { name: new RegExp(SYSTEM_ADMIN[0]) }).isDisabled(), true);
  await dialog.getByText(SECURITY_ADMIN[0]).click();
  assert.equal(await propose.isDisabled(), true);
  await dialog.getByText('系统管理员和安全保密管理员都要至少留一人').waitFor();
  await dialog.getByRole('button', { name: '返回' }).click();
});

test('two people are suspended by one proposal and one confirmation', async () => {
  const { page } = office;
  const dialog = await openDialog();
  await dialog.getByText(DRAFTER[0]).click();
  await dialog.getByText(OTHER[0]).click();
  await seen('lost-choose');
  await dialog.getByRole('button', { name: '提出停用 2 人' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await office.settled();
  const step = page.locator('main li', { hasText: '电脑丢失，一次全部停用' });
  assert.equal(await step.getByRole('button', { name: '确认并登记' }).getAttribute('aria-disabled'), 'true');
  assert.match(await row(DRAFTER[0]).innerText(), /在册/);
  await asPerson(SECURITY_ADMIN);
  await seen('lost-waits');
  await step.getByRole('button', { name: '确认并登记' }).click();
  const confirm = await dialogOf(page);
  await seen('lost-confirm');
  await confirm.getByRole('button', { name: '确认并登记' }).click();
  await confirm.waitFor({ state: 'hidden' });
  await office.settled();
  for (const [name] of [DRAFTER, OTHER]) assert.match(await row(name).innerText(), /已停用/);
  await page.getByText('下一步：').waitFor();
  await seen('lost-done');
  assert.equal((await office.ask('unlock', { name: DRAFTER[0], passphrase: DRAFTER[1] })).code, 'suspended');
  assert.deepEqual((await office.done(await office.ask('audit'))).is.damages, []);
  // The refusal was asked for.
  office.complaints.splice(0);
});

test('in English it reads and fits as well', async () => {
  await asPerson(SYSTEM_ADMIN);
  await office.ask('settings_save', { language: 'en', zoom: 100, theme: 'light' });
  await office.show('/people');
  await office.page.getByRole('button', { name: 'Lost computer…' }).click();
  await dialogOf(office.page);
  await seen('lost-choose', 'en');
});
