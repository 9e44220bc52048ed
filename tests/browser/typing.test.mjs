// Nothing that is typed is lost, obeyed or sent by accident.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { desk, practice } from './host.mjs';
import { APPROVER, beginForm, chooseAll, COMMUNITY, DRAFTER, fieldOf, fill, foundOffice, HOST, kept, NAME, newCommunity, OWN, saved, submitForm, TOWN } from './steps.mjs';

let office;
before(async () => {
  office = await practice();
});
after(() => office.end());

/** Composes a text as an input method does, with the Enter that ends it; then it is there. */
async function compose(page, letters, text) {
  const keys = await page.context().newCDPSession(page);
  await page.evaluate(() => {
    window.seen = [];
    window.addEventListener('keydown', (event) => window.seen.push([event.key, event.isComposing]), { capture: true, once: true });
  });
  await keys.send('Input.imeSetComposition', { text: letters, selectionStart: letters.length, selectionEnd: letters.length });
  const enter = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229, nativeVirtualKeyCode: 229 };
  await keys.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...enter });
  await keys.send('Input.dispatchKeyEvent', { type: 'keyUp', ...enter });
  // Otherwise nothing would have been tried.
  assert.deepEqual(await page.evaluate(() => window.seen), [['Enter', true]]);
  return () => keys.send('Input.insertText', { text });
}

test('Enter that ends a composition does nothing else', async () => {
  const { page } = office;
  await beginForm(office);
  const form = page.url();

  const search = page.getByRole('searchbox').first();
  await search.focus();
  let end = await compose(page, 'she qu', '社区');
  await office.settled();
  assert.equal(page.url(), form, 'the search began while composing');
  await end();
  assert.equal(await search.inputValue(), '社区');

  await fieldOf(page, NAME).focus();
  end = await compose(page, 'shi li', '示例');
  await office.settled();
  assert.equal(page.url(), form);
  assert.equal(await page.getByRole('dialog').count(), 0);
  await end();
  assert.equal(await fieldOf(page, NAME).inputValue(), '示例');

  // The same key without a composition does search.
  await search.press('Enter');
  await page.waitForURL(/#\/records\?text=/);
});

test('Enter alone never signs', async () => {
  const { page } = office;
  await beginForm(office);
  await fill(page, { ...COMMUNITY, '社区（村）代码': '420102002952' });
  await saved(page);
  const form = page.url();
  const { entries, waiting } = await office.ask('overview');
  for (const key of ['Enter', 'Control+Enter']) {
    await fieldOf(page, NAME).press(key);
    await office.settled();
    assert.equal(page.url(), form);
    assert.equal(await page.getByRole('dialog').count(), 0, `${key} opened the step before signing`);
  }
  const now = await office.ask('overview');
  assert.deepEqual([now.entries, now.waiting], [entries, waiting]);
});

test('Enter after the host passphrase does not sign', async () => {
  const own = await desk();
  try {
    const { page } = own;
    await foundOffice(own);
    await own.unlock('示例经办', OWN.drafter);
    await newCommunity(own);
    await fill(page, COMMUNITY);
    await saved(page);
    await submitForm(page);
    await own.unlock('示例审批', OWN.approver);
    await own.show('/approval');
    const dialog = await chooseAll(own);
    const { entries } = await own.ask('overview');
    await dialog.getByLabel('主机口令').fill(HOST);
    await dialog.getByLabel('主机口令').press('Enter');
    await own.settled();
    assert.deepEqual(await counts(own), { entries, waiting: 1 });
    // The button does.
    await dialog.getByRole('button', { name: '签发 1 条' }).click();
    await page.getByText('已登记 1 条').waitFor();
    assert.deepEqual(await counts(own), { entries: entries + 1, waiting: 0 });
  } finally {
    await own.end();
  }
});

async function counts({ ask }) {
  const { entries, waiting } = await ask('overview');
  return { entries, waiting };
}

test('the language can be changed half-way through a form', async () => {
  const { page } = office;
  await beginForm(office);
  await fill(page, { [NAME]: '写了一半', [TOWN]: '还没有存下' });
  const form = page.url();
  // At once, so that saving has not come round yet.
  await page.getByRole('link', { name: '设置' }).click();
  await page.getByText('English', { exact: true }).click();
  await page.getByRole('heading', { name: 'Settings' }).waitFor();
  await page.goBack();
  await page.waitForURL(form);
  const inEnglish = (name) => page.getByRole('textbox', { name: new RegExp(`^\\*?\\s*${name}$`) });
  await inEnglish('Community').waitFor();
  const values = [await inEnglish('Community').inputValue(), await inEnglish('Subdistrict').inputValue()];
  const cells = await kept(office);
  await office.ask('settings_save', { language: 'zh-CN', zoom: 100, theme: 'light' });
  assert.deepEqual(values, ['写了一半', '还没有存下']);
  assert.deepEqual([cells.village, cells.town], values);
});

const ODD = {
  [NAME]: '<script>alert(1)</script>𬒈👩‍👩‍👧',
  [TOWN]: '<img src=x onerror="window.obeyed=1">',
  '区（县）名称': '=cmd()',
  '省名称': 'שלום مرحبا 武汉',
};

test('odd values are text, kept exactly and shown as they are', async () => {
  const { page } = office;
  const dialogs = [];
  page.on('dialog', (dialog) => (dialogs.push(dialog.message()), dialog.dismiss()));
  await beginForm(office);
  await fill(page, { ...COMMUNITY, '社区（村）代码': '420102002953', ...ODD });
  await saved(page);
  const id = await submitForm(page);
  for (const text of Object.values(ODD)) await page.getByText(text, { exact: true }).first().waitFor();
  const { row } = await office.ask('record', { id });
  assert.deepEqual([row.values.village, row.values.town, row.values.county, row.values.province], Object.values(ODD));

  await office.show('/records?state=submitted');
  await page.getByRole('row').filter({ hasText: '420102002953' }).getByText(ODD[NAME]).waitFor();
  await office.unlock(...APPROVER);
  await office.show('/approval');
  await page.getByText(ODD[NAME]).first().waitFor();
  assert.deepEqual(dialogs, []);
  assert.equal(await page.evaluate(() => window.obeyed), undefined);
  assert.equal(await page.locator('img[src="x"]').count(), 0);
});

test('a value that is far too long is kept, and refused where it stands', async () => {
  const { page } = office;
  const long = '长'.repeat(50_000);
  await beginForm(office);
  await fill(page, { [NAME]: long });
  await fieldOf(page, TOWN).focus();
  await page.getByText('有 50,000 个字，最多 100 个').first().waitFor();
  await saved(page);
  assert.equal((await kept(office)).village, long);
  await page.reload();
  await fieldOf(page, NAME).waitFor();
  assert.equal(await fieldOf(page, NAME).inputValue(), long);
  await page.getByRole('button', { name: '提交审批' }).click();
  await page.getByText(/有 \d+ 处要改正/).waitFor();
  assert.equal(await page.getByRole('dialog').count(), 0);
  // Where drafts are listed it does not push the page apart.
  await office.show('/home');
  await page.getByText('长长长').first().waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
});

test('the program is killed under a half-filled form: nothing typed is lost', async () => {
  const { page } = office;
  await beginForm(office);
  await fill(page, { [NAME]: '断电之前' });
  await saved(page);
  await office.cut();
  await fill(page, { [TOWN]: '断电之后' });
  await page.getByRole('alert').filter({ hasText: '连不上本机的印信程序' }).waitFor();
  await page.getByText('还没有存下').waitFor();
  assert.equal(await fieldOf(page, TOWN).inputValue(), '断电之后');

  // Started anew it lets in a new window; the old page goes on by itself.
  const again = await office.startAgain();
  await page.getByRole('alert').filter({ hasText: '连不上本机的印信程序' }).waitFor({ state: 'hidden' });
  assert.equal(await fieldOf(page, TOWN).inputValue(), '断电之后');
  await page.locator('header').getByRole('button', { name: '解锁' }).click();
  const dialog = page.getByRole('dialog').filter({ hasText: '口令' });
  await dialog.locator('input[type="password"]').fill(DRAFTER[1]);
  await dialog.getByRole('button', { name: '解锁' }).click();
  await saved(page);
  assert.equal(await fieldOf(page, NAME).inputValue(), '断电之前');
  const id = /#\/forms\/([^?]+)/.exec(page.url())[1];
  const { cells } = await again.ask('form', { id });
  assert.deepEqual([cells.village, cells.town], ['断电之前', '断电之后']);
});
