// The main job through the pages: typed, submitted, approved by another person,
// exported, verified; and the same file with one byte changed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { practice } from './host.mjs';
import { APPROVER, beginForm, chooseAll, COMMUNITY, dialogOf, fieldOf, fill, NAME, saved, submitForm } from './steps.mjs';

let desk;
before(async () => {
  desk = await practice();
});
after(() => desk.end());

test('a record is typed, submitted, approved, exported and verified', async () => {
  const { page } = desk;
  await beginForm(desk);
  await fill(page, COMMUNITY);
  await saved(page);

  // What is typed is there after the page was loaded anew.
  await page.reload();
  await fieldOf(page, NAME).waitFor();
  assert.equal(await fieldOf(page, NAME).inputValue(), COMMUNITY[NAME]);

  // Enter in the confirming step goes back: nothing is signed by it.
  await page.getByRole('button', { name: '提交审批' }).click();
  const dialog = await dialogOf(page);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  assert.equal((await desk.ask('records', { text: COMMUNITY[NAME], limit: 9 })).total, 0);
  const id = await submitForm(page);
  assert.equal((await desk.ask('record', { id })).row.state, 'submitted');

  const waiting = (await desk.ask('overview')).waiting;
  await desk.unlock(...APPROVER);
  await desk.show('/approval');
  await chooseAll(desk);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  assert.equal((await desk.ask('overview')).waiting, waiting);
  await page.getByRole('button', { name: `签发 ${waiting} 条` }).click();
  await (await dialogOf(page)).getByRole('button', { name: `签发 ${waiting} 条` }).click();
  await page.getByText(`已登记 ${waiting} 条`).waitFor();

  const { token, name } = await desk.ask('export', { record: id, version: null, disclose: null });
  const bytes = await desk.fetched(token);
  const { token: policy } = await desk.ask('policy');
  const trusted = await desk.fetched(policy);
  await desk.ask('lock');
  const judge = async (buffer, own) => {
    await desk.show('/verify');
    if (!own) await page.getByText('采用本机账本').click();
    if (!own) await desk.choose('选择信任文件', { name: 'policy.txt', mimeType: 'text/plain', buffer: trusted });
    await desk.choose('选择存证文件', { name, mimeType: 'application/octet-stream', buffer });
    return page.locator('.verdict h2').innerText();
  };
  assert.match(await judge(bytes, true), /属实/);
  assert.match(await judge(bytes, false), /属实/);
  await page.getByText('演练：这是演练账本里的记录').waitFor();
  if (process.env.YINXIN_SCREENSHOTS) await page.screenshot({ path: `${process.env.YINXIN_SCREENSHOTS}/genuine.png` });
  const changed = Buffer.from(bytes);
  changed[Math.floor(changed.length / 2)] ^= 1;
  assert.doesNotMatch(await judge(changed, false), /属实/);
});
