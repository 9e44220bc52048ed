// Wrong passphrases, and two windows on one folder.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CIVIL_AFFAIRS, practice } from './host.mjs';
import { APPROVER, beginForm, chooseAll, COMMUNITY, dialogOf, DRAFTER, fieldOf, fill, kept, NAME, saved, TOWN } from './steps.mjs';

const SECOND_APPROVER = ['赵六示例', 'practice-zhaoliu'];
const SECOND_DRAFTER = ['王五示例', 'practice-wangwu'];

let office;
before(async () => {
  office = await practice();
});
after(() => office.end());

/** Another program on the same folder, with the same office open. */
async function otherProgram() {
  const other = await office.other();
  await other.ask('office_open', { id: CIVIL_AFFAIRS });
  return other;
}

async function audited({ ask, done }) {
  return (await done(await ask('audit'))).is;
}

test('a wrong passphrase three times: told plainly, how long to wait, and then the right one opens', async () => {
  const { page } = office;
  await office.ask('lock');
  await office.show('/home');
  await page.getByRole('button', { name: APPROVER[0] }).click();
  const dialog = page.getByRole('dialog');
  const input = dialog.locator('input[type="password"]');
  const give = async (passphrase) => {
    await input.fill(passphrase);
    const answer = page.waitForResponse(/\/api\/unlock$/);
    await dialog.getByRole('button', { name: '解锁' }).click();
    return (await answer).ok();
  };
  for (let time = 0; time < 3; time += 1) {
    assert.equal(await give('not the passphrase'), false);
    await dialog.getByText('口令不对').waitFor();
    // What was typed does not stay.
    await page.waitForFunction(() => document.activeElement?.type === 'password' && document.activeElement.value === '');
  }
  assert.equal(await give(APPROVER[1]), false);
  assert.match(await dialog.getByRole('alert').innerText(), /连续多次不对，请 [1-5] 秒后再试/);
  while (!(await give(APPROVER[1]))) await dialog.getByText(/请 \d 秒后再试/).waitFor();
  await dialog.waitFor({ state: 'hidden' });
  assert.equal((await office.ask('hello')).session.name, APPROVER[0]);
});

test('what two programs sign at once is signed once', async () => {
  const other = await otherProgram();
  await office.unlock(...APPROVER);
  await other.unlock(...SECOND_APPROVER);
  const before = await office.ask('overview');
  await office.show('/approval');
  await other.show('/approval');
  const dialogs = [await chooseAll(office), await chooseAll(other)];
  const n = before.waiting;
  await dialogs[0].getByRole('button', { name: `签发 ${n} 条` }).click();
  await office.page.getByText(`已登记 ${n} 条`).waitFor();

  // The other is told, and shows what is so now.
  await dialogs[1].getByRole('button', { name: `签发 ${n} 条` }).click();
  await other.page.getByText(`${n} 条没有登记，原因如下`).waitFor();
  await other.page.getByText('没有待审批的记录').or(other.page.getByText('没有待审批的')).first().waitFor();
  const told = await other.page.locator('main').innerText();
  assert.match(told, /没有待审批的内容/);

  for (const { ask } of [office, other]) {
    const now = await ask('overview');
    assert.deepEqual([now.entries, now.waiting], [before.entries + n, 0]);
  }
  const audit = await audited(other);
  assert.deepEqual([audit.entries, audit.found], [before.entries + n, 0]);
});

test('a record that somebody else has changed meanwhile: told plainly, nothing typed is lost', async () => {
  const other = await otherProgram();
  await office.unlock(...DRAFTER);
  await other.unlock(...SECOND_DRAFTER);
  const { records } = await office.ask('records', { state: 'published', text: null, after: null, limit: 1 });
  const change = async (window, name) => {
    await window.show(`/records/${records[0].id}`);
    await window.page.getByRole('button', { name: '变更', exact: true }).click();
    await fieldOf(window.page, NAME).fill(name);
    await saved(window.page);
    await window.page.getByRole('button', { name: '提交审批' }).click();
    return window.page.getByRole('dialog');
  };
  const dialogs = [await change(office, '先改的社区'), await change(other, '后改的社区')];
  await dialogs[0].getByRole('button', { name: '签署并提交审批' }).click();
  await office.page.waitForURL(/#\/records\//);
  await dialogs[1].getByRole('button', { name: '签署并提交审批' }).click();
  assert.match(await dialogs[1].getByRole('alert').innerText(), /已有内容待审批/);
  assert.equal((await kept(other)).village, '后改的社区');
  const { row } = await other.ask('record', { id: records[0].id });
  assert.deepEqual([row.values.village, row.pending.drafter], ['先改的社区', DRAFTER[0]]);
});

test('one form in two windows: what each has typed is kept, or the second is told', async () => {
  await beginForm(office);
  const second = await office.beside();
  await second.show(new URL(office.page.url()).hash.slice(1));
  await fieldOf(second.page, NAME).waitFor();
  await fill(office.page, { [NAME]: '第一个窗口写的' });
  await saved(office.page);
  await fill(second.page, { [TOWN]: '第二个窗口写的' });
  await fieldOf(second.page, NAME).focus();
  await second.settled();
  const told = await second.page.getByRole('alert').count();
  if (told === 0) await saved(second.page);
  const cells = await kept(office);
  const [name, town] = [cells.village, cells.town];
  assert.ok(told > 0 || (name === '第一个窗口写的' && town === '第二个窗口写的'), JSON.stringify({ name, town, told }));
});

test('a window that another one locks says so, and keeps what is typed', async () => {
  await beginForm(office);
  const second = await office.beside();
  await second.page.locator('header').getByRole('button', { name: '锁定' }).click();
  const { page } = office;
  await page.bringToFront();
  await fill(page, { [NAME]: '锁定之后写的' });
  const notice = page.getByRole('alert').filter({ hasText: '解锁' });
  await notice.getByRole('button', { name: '解锁' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('input[type="password"]').fill(DRAFTER[1]);
  await dialog.getByRole('button', { name: '解锁' }).click();
  await saved(page);
  assert.equal(await fieldOf(page, NAME).inputValue(), '锁定之后写的');
  assert.equal((await kept(office)).village, '锁定之后写的');
});

test('nobody signs in one window what another one shows', async () => {
  await office.unlock(...DRAFTER);
  const { page } = office;
  await beginForm(office);
  await fill(page, { ...COMMUNITY, '社区（村）代码': '420102002961' });
  await saved(page);
  await page.getByRole('button', { name: '提交审批' }).click();
  const dialog = await dialogOf(page);
  await dialog.getByText(DRAFTER[0]).first().waitFor();
  // In another window of the same browser somebody else sits down.
  await office.unlock(...SECOND_DRAFTER);
  await dialog.getByRole('button', { name: '签署并提交审批' }).click();
  await page.getByRole('alert').filter({ hasText: '另一个窗口换了部门或人员' }).waitFor();
  assert.equal((await office.ask('records', { text: '420102002961', limit: 9 })).total, 0);
});
