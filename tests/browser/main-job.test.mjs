// The main job through the pages: typed, submitted, approved by another person,
// exported, verified; and the same file with one byte changed.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { practice } from './host.mjs';

let desk;
before(async () => {
  desk = await practice();
});
after(() => desk.end());

const FIELDS = {
  '社区（村）代码': '420102002951',
  '社区（村）名称': '示例新社区',
  '街道（乡镇）代码': '420102002',
  '街道（乡镇）名称': '大智街道',
  '区（县）代码': '420102',
  '区（县）名称': '江岸区',
  '市代码': '4201',
  '省代码': '42',
  '省名称': '湖北省',
};

test('every page in both languages: nothing serious for axe, nothing on the console', async () => {
  const { page } = desk;
  const axe = await readFile(new URL('./node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
  const folder = process.env.YINXIN_SCREENSHOTS;
  await desk.unlock('李四示例', 'practice-lisi');
  const { records } = await desk.ask('records', { state: 'published', text: null, after: null, limit: 1 });
  const routes = {
    home: '/home',
    records: '/records',
    record: `/records/${records[0].id}`,
    import: '/records/import',
    approval: '/approval',
    verify: '/verify',
    people: '/people',
    audit: '/audit',
    settings: '/settings',
    start: '/start',
  };
  desk.complaints.length = 0;
  for (const language of ['en', 'zh-CN']) {
    await desk.ask('settings_save', { language, zoom: 100, theme: 'light' });
    for (const [name, route] of Object.entries(routes)) {
      await desk.show(route);
      await page.waitForTimeout(700);
      if (folder) await page.screenshot({ path: `${folder}/${name}-${language}.png` });
      // In a world of its own, so that the page's policy needs no exception.
      const session = await page.context().newCDPSession(page);
      const { frameTree } = await session.send('Page.getFrameTree');
      const { executionContextId } = await session.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id });
      const run = (expression) =>
        session.send('Runtime.evaluate', { contextId: executionContextId, expression, awaitPromise: true, returnByValue: true });
      await run(axe);
      const { result } = await run(
        "axe.run().then(({ violations }) => violations.filter(({ impact }) => ['serious', 'critical'].includes(impact)).map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.html.slice(0, 160)).join(' | ')))",
      );
      assert.deepEqual(result.value, [], `${name} ${language}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
      assert.equal(wide, false, `${name} ${language} is wider than the window`);
    }
  }
  assert.deepEqual(desk.complaints, []);
});

test('a record is typed, submitted, approved, exported and verified', async () => {
  const { page } = desk;
  await desk.unlock('张三示例', 'practice-zhangsan');
  await desk.show('/records/new');
  for (const [label, text] of Object.entries(FIELDS)) await page.getByLabel(label, { exact: false }).first().fill(text);
  await page.getByText('已保存').first().waitFor();

  // What is typed is there after the page was loaded anew.
  await page.reload();
  await page.getByLabel('社区（村）名称').first().waitFor();
  assert.equal(await page.getByLabel('社区（村）名称').first().inputValue(), '示例新社区');

  await page.getByRole('button', { name: '提交审批' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  // Enter in the confirming step goes back: nothing is signed by it.
  await page.waitForTimeout(500);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  assert.equal((await desk.ask('records', { text: '示例新社区', limit: 9 })).total, 0);
  await page.getByRole('button', { name: '提交审批' }).click();
  await dialog.getByRole('button', { name: /签署|提交/ }).last().click();
  await page.waitForURL(/#\/records\/[0-9a-f]{32}/);
  const { records } = await desk.ask('records', { text: '示例新社区', limit: 9 });
  assert.equal(records[0].state, 'submitted');

  await desk.unlock('李四示例', 'practice-lisi');
  await desk.show('/approval');
  await page.getByRole('button', { name: /^全选/ }).click();
  await page.getByRole('button', { name: /^签发 \d+ 条$/ }).click();
  await dialog.waitFor();
  await page.waitForTimeout(500);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  assert.equal((await desk.ask('overview')).waiting, 9);
  await page.getByRole('button', { name: /^签发 \d+ 条$/ }).click();
  await dialog.getByRole('button', { name: '签发 9 条' }).click();
  await page.getByText('已登记 9 条').waitFor();

  const { token, name } = await desk.ask('export', { record: records[0].id, version: null, disclose: null });
  const bytes = await desk.fetched(token);
  const { token: policy } = await desk.ask('policy');
  const trusted = await desk.fetched(policy);
  await desk.ask('lock');
  const judge = async (buffer, own) => {
    await desk.show('/verify');
    if (!own) await page.getByText('采用本机账本').click();
    const choose = async (button, file) => {
      const chooser = page.waitForEvent('filechooser');
      await page.getByRole('button', { name: button }).click();
      await (await chooser).setFiles(file);
    };
    if (!own) await choose('选择信任文件', { name: 'policy.txt', mimeType: 'text/plain', buffer: trusted });
    await choose('选择存证文件', { name, mimeType: 'application/octet-stream', buffer });
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
