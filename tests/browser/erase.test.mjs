// A record's contents are erased by two people, in the window.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { practice } from './host.mjs';
import { APPROVER, dialogOf, DRAFTER } from './steps.mjs';

let office;
before(async () => {
  office = await practice();
});
after(() => office.end());

test('the drafter asks, the approver signs, and only open fields are left', async () => {
  const { page } = office;
  await office.unlock(...DRAFTER);
  const { records } = await office.ask('records', { limit: 50, state: 'published' });
  const { id, values } = records.find(({ pending }) => pending === null);
  const town = values.town;
  await office.show(`/records/${id}`);
  await page.getByText(town).first().waitFor();
  await page.getByRole('button', { name: '删除内容' }).click();
  const dialog = await dialogOf(page);
  assert.match(await dialog.innerText(), /不能恢复/);
  assert.match(await dialog.innerText(), /已经导出的文件收不回来/);
  await dialog.locator('textarea').fill('示例：当事人申请删除');
  await dialog.getByRole('button', { name: '签署并提交删除' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByText('删除待审批').waitFor();
  await page.getByText(town).first().waitFor();

  await office.unlock(...APPROVER);
  const waiting = (await office.ask('waiting_all')).items.filter(({ record }) => record === id);
  const { is } = await office.done(await office.ask('approve', { items: waiting }));
  assert.equal(is.published, 1);
  await office.show(`/records/${id}`);
  await page.getByText('内容已删除').first().waitFor();
  assert.equal(await page.getByText(town).count(), 0);
  await page.getByText(values.village).first().waitFor();
  assert.equal((await office.ask('record', { id })).row.erased, true);
  assert.deepEqual((await office.done(await office.ask('audit'))).is.damages, []);
});
