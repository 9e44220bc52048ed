// A record that its template asks a review for: three people, in the window.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { desk } from './host.mjs';
import { look, nothingWrong } from './look.mjs';
import { dialogOf } from './steps.mjs';

const DATA_BUREAU = 'practice/data-bureau';
const DRAFTER = ['周八示例', 'practice-zhouba'];
const REVIEWER = ['秦慎示例', 'practice-qinshen'];
const APPROVER = ['吴九示例', 'practice-wujiu'];
const TO_REVIEW = '示例：数据共享申请办理指南';
const OTHER = '示例：数据安全检查情况通报';
const REVIEWED = '示例：公共数据开放年度计划';

let office;
before(async () => {
  office = await desk();
  await office.done(await office.ask('practice_build'));
  await office.ask('office_open', { id: DATA_BUREAU });
});
after(() => office.end());

const idOf = async (text) => (await office.ask('records', { text, limit: 5 })).records[0].id;

/** What is seen in both languages. */
async function seen(pages) {
  const wrong = [];
  for (const language of ['zh-CN', 'en']) {
    await office.ask('settings_save', { language, theme: 'light', zoom: 100 });
    for (const [name, route, prepare] of pages) {
      await office.show(route);
      await prepare?.(office.page);
      wrong.push(...(await look(office, name, { language, theme: 'light', practice: true })));
    }
  }
  await office.ask('settings_save', { language: 'zh-CN', theme: 'light', zoom: 100 });
  nothingWrong(wrong);
}

async function signing(page) {
  await page.locator('thead input[type="checkbox"]').first().dispatchEvent('click');
  await page.locator('main .el-button--primary').first().click();
  await dialogOf(page);
}

test('the drafter sees for whom it waits, the reviewer what waits', async () => {
  await office.unlock(...DRAFTER);
  const id = await idOf(TO_REVIEW);
  await seen([
    ['review-record', `/records/${id}`],
    ['review-mine', '/home'],
    ['review-records', '/records'],
  ]);
  await office.show(`/records/${id}`);
  await office.page.getByText('登记待审核').waitFor();
  await office.page.getByText('等候审核：秦慎示例').waitFor();
  await office.unlock(...REVIEWER);
  await seen([
    ['review-home', '/home'],
    ['review', '/approval'],
    ['review-sign', '/approval', signing],
  ]);
});

test('one is returned with a reason, the other reviewed, and only then approved', async () => {
  const { page } = office;
  await office.unlock(...REVIEWER);
  const [id, other] = [await idOf(TO_REVIEW), await idOf(OTHER)];
  await office.show('/approval');
  // What a reviewer sees first is what waits for a review.
  await page.getByRole('radio', { name: '待审核 2' }).isChecked();
  await page.getByText(OTHER).first().click();
  await page.locator('.contents').getByText('检查的部门数量').waitFor();
  await page.getByRole('button', { name: '退回', exact: true }).click();
  const asked = await dialogOf(page);
  await asked.locator('textarea').fill('示例：请写明通报是否涉及具体系统');
  await asked.getByRole('button', { name: '退回' }).click();
  await asked.waitFor({ state: 'hidden' });
  await page.getByText('待审核 1').waitFor();
  const returned = (await office.ask('record', { id: other })).row;
  assert.deepEqual([returned.state, returned.pending.returned.by], ['returned', '秦慎示例']);

  // An approver cannot approve it before.
  await office.unlock(...APPROVER);
  const { waiting } = await office.ask('waiting', { limit: 10, step: 'review' });
  const early = await office.done(await office.ask('approve', { items: waiting.map(({ record, draft }) => ({ record, draft })) }));
  assert.deepEqual([early.is.published, early.is.refused[0].failure.code], [0, 'waits_for_review']);

  await office.unlock(...REVIEWER);
  await office.show('/approval');
  await page.getByText(TO_REVIEW).first().waitFor();
  await page.getByRole('button', { name: '全选 1 条' }).click();
  await page.getByRole('button', { name: '审核通过 1 条' }).click();
  const dialog = await dialogOf(page);
  const said = await dialog.innerText();
  assert.match(said, /秦慎示例/);
  assert.match(said, /保密审查员/);
  assert.match(said, /办理指南/);
  await dialog.getByRole('button', { name: '审核通过 1 条' }).click();
  await page.getByText('已审核 1 条，转待审批').waitFor();
  assert.equal((await office.ask('record', { id })).row.state, 'submitted');
});

test('the approver sees who reviewed and signs; the record shows the three', async () => {
  const { page } = office;
  await office.unlock(...APPROVER);
  const id = await idOf(TO_REVIEW);
  const reviewed = async (page) => {
    await page.getByText(REVIEWED).first().click();
    await page.locator('.contents').getByText(/秦慎示例/).waitFor();
  };
  await seen([
    ['review-approver-home', '/home'],
    ['review-approver', '/approval?step=approve', reviewed],
  ]);
  await office.show('/approval?step=approve');
  await page.getByText(TO_REVIEW).first().click();
  await page.locator('.contents').getByText('秦慎示例 审核').waitFor();
  const items = (await office.ask('waiting_all')).items.filter(({ record }) => record === id);
  const { is } = await office.done(await office.ask('approve', { items }));
  assert.equal(is.published, 1);
  await seen([['review-registered', `/records/${id}`]]);
  await office.show(`/records/${id}`);
  for (const [purpose, name] of [['经办', '周八示例'], ['审核', '秦慎示例'], ['审批', '吴九示例']]) {
    await page.locator('.step li').filter({ hasText: purpose }).getByText(name).first().waitFor();
  }
  // And so does whoever verifies the file.
  const { token } = await office.ask('export', { record: id });
  const buffer = await office.fetched(token);
  await office.show('/verify');
  const chooser = page.waitForEvent('filechooser');
  await page.locator('main .el-button--primary').first().click();
  await (await chooser).setFiles({ name: '存证.yinxin', mimeType: 'application/octet-stream', buffer });
  await page.getByText('周八示例 经办，秦慎示例 审核，吴九示例 审批。').waitFor();
  nothingWrong(await look(office, 'review-verified', { language: 'zh-CN', theme: 'light', practice: true }));
  assert.deepEqual((await office.done(await office.ask('audit'))).is.damages, []);
});

test('the drafter of such a record submits it for review', async () => {
  const { page } = office;
  await office.unlock(...DRAFTER);
  await office.show('/records/new');
  await page.getByRole('button', { name: '主动公开政府信息' }).click();
  await page.waitForURL(/#\/forms\//);
  const fields = { 索引号: '示例-2026-00009', 信息名称: '示例：新的信息', 生成日期: '2026-11-02', 拟公开日期: '2026-11-20', 内容概述: '示例内容' };
  for (const [label, text] of Object.entries(fields)) await page.getByLabel(label).first().fill(text);
  await page.keyboard.press('Escape');
  await page.getByLabel('保密审查').first().click();
  await page.getByText('不涉及国家秘密、工作秘密').last().click();
  await page.getByRole('button', { name: '提交审核' }).click();
  const dialog = await dialogOf(page);
  assert.match(await dialog.innerText(), /审核人先审核，审批人再签发/);
  await dialog.getByRole('button', { name: '签署并提交审核' }).click();
  await page.waitForURL(/#\/records\/[0-9a-f]{32}/);
  await page.getByText('登记待审核').waitFor();
});
