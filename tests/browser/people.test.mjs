// People change by two admins, in the window: one proposes, the other confirms,
// and what was signed for other people comes back to its signers.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { practice } from './host.mjs';
import { APPROVER, dialogOf, DRAFTER, SECURITY_ADMIN, SYSTEM_ADMIN } from './steps.mjs';

const PASSPHRASE = '示例 口令 长到不好猜 2026';
/** Whose drafts wait in the practice office. */
const SECOND_DRAFTER = ['王五示例', 'practice-wangwu'];
const NEWCOMER = '何新示例';

let office;
before(async () => {
  office = await practice();
});
after(() => office.end());

const row = (name) => office.page.locator('tbody tr', { hasText: name });

async function asPerson(person, route) {
  await office.unlock(...person);
  await office.show(route);
}

async function confirmOf(name) {
  const change = office.page.locator('main li', { hasText: name });
  await change.getByRole('button', { name: '确认并登记' }).click();
  const dialog = await dialogOf(office.page);
  await dialog.getByRole('button', { name: '确认并登记' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await office.settled();
}

async function proposeFor(name, type) {
  await row(name).getByRole('button').last().click();
  const dialog = await dialogOf(office.page);
  await type(dialog);
  await dialog.getByRole('button', { name: '提出变更' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await office.settled();
}

async function audited() {
  return (await office.done(await office.ask('audit'))).is;
}

test('nobody else changes people, and one admin alone does not', async () => {
  await asPerson(DRAFTER, '/people');
  const { page } = office;
  assert.equal(await page.locator('tbody button.is-link').count(), 0);
  // Why not is said beside the button, which does nothing.
  await page.getByRole('button', { name: '提出加人' }).click({ force: true });
  assert.equal(await page.locator('.add').count(), 0);
  // 王五 has a change that waits; the admin who proposed it cannot confirm it.
  await asPerson(SYSTEM_ADMIN, '/people');
  const confirm = page.locator('main li', { hasText: '王五示例' }).getByRole('button', { name: '确认并登记' });
  assert.equal(await confirm.getAttribute('aria-disabled'), 'true');
  await confirm.click({ force: true });
  assert.equal(await page.getByRole('dialog').count(), 0);
});

test('a post is changed, and somebody new is admitted and unlocks', async () => {
  const { page } = office;
  await asPerson(SECURITY_ADMIN, '/people');
  await confirmOf('王五示例');
  assert.match(await row('王五示例').innerText(), /二级主任科员/);
  await page.getByRole('button', { name: '提出加人' }).click();
  await page.getByLabel('姓名').fill(NEWCOMER);
  await page.getByLabel('职务（可不填）').fill('科员');
  await page.getByText('审批人', { exact: true }).first().click();
  const passphrases = page.locator('.add input[type="password"]');
  await passphrases.nth(0).fill(PASSPHRASE);
  await passphrases.nth(1).fill(PASSPHRASE);
  await page.locator('.add').getByRole('button', { name: '提出加人' }).click();
  await page.locator('main li', { hasText: NEWCOMER }).waitFor();
  assert.equal(await row(NEWCOMER).count(), 0);
  await asPerson(SYSTEM_ADMIN, '/people');
  await confirmOf(NEWCOMER);
  assert.match(await row(NEWCOMER).innerText(), /在册/);
  await office.unlock(NEWCOMER, PASSPHRASE);
  assert.deepEqual((await audited()).damages, []);
});

test('whoever acts as approver signs within the days given', async () => {
  await asPerson(SYSTEM_ADMIN, '/people');
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  await proposeFor(DRAFTER[0], async (dialog) => {
    await dialog.getByLabel('代理的第一天').fill(today);
    await dialog.getByLabel('代理的最后一天').fill(today);
  });
  await asPerson(SECURITY_ADMIN, '/people');
  await confirmOf(DRAFTER[0]);
  await asPerson(DRAFTER, '/approval');
  const { items } = await office.ask('waiting_all');
  assert.ok(items.length > 0);
  const { is } = await office.done(await office.ask('approve', { items: items.slice(0, 1) }));
  assert.equal(is.published, 1);
  assert.deepEqual((await audited()).damages, []);
});

test('whoever is suspended is not offered, signs nothing, and what they drafted comes back', async () => {
  const { page } = office;
  await asPerson(SYSTEM_ADMIN, '/people');
  await proposeFor(SECOND_DRAFTER[0], (dialog) => dialog.getByText('停用：不能再签署').click());
  await asPerson(SECURITY_ADMIN, '/people');
  await confirmOf(SECOND_DRAFTER[0]);
  assert.match(await row(SECOND_DRAFTER[0]).innerText(), /已停用/);
  const refused = await office.ask('unlock', { name: SECOND_DRAFTER[0], passphrase: SECOND_DRAFTER[1] });
  assert.equal(refused.code, 'suspended');
  await office.ask('lock');
  await office.show('/home');
  assert.equal(await page.getByRole('button', { name: SECOND_DRAFTER[0] }).count(), 0);
  // The approver finds nothing of 王五 any more; the record says why it came back.
  await asPerson(APPROVER, '/approval');
  const { records } = await office.ask('records', { limit: 50, state: 'returned' });
  const back = records.filter(({ pending }) => pending.stale === 'violation_not_in_roster');
  assert.ok(back.length > 0);
  await office.show(`/records/${back[0].id}`);
  await page.getByText('因人员变动自动退回').waitFor();
  await page.getByText('请由在册的经办人重新提交').waitFor();
  assert.deepEqual((await audited()).damages, []);
});
