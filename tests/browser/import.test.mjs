// A sheet comes in by hand: what is there already, what is new, what is refused
// and why; and a file that is too large is not read at all.
import assert from 'node:assert/strict';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { practice } from './host.mjs';
import { rowsOf } from './sheet.mjs';
import { dialogOf, DRAFTER, SHEET } from './steps.mjs';

const COMMUNITIES = fileURLToPath(new URL('../../practice/wuhan_communities_2021.csv', import.meta.url));

let office;
let folder;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yinxin-sheets-'));
  office = await practice();
  await office.unlock(...DRAFTER);
});
after(async () => {
  await office.end();
  await rm(folder, { recursive: true, force: true });
});

/** Chooses a sheet and waits for what the page says of it. */
async function read(file) {
  await office.show('/records/import');
  await office.choose('选择表格', file);
  await office.page.locator('.counts').or(office.page.getByRole('alert')).first().waitFor();
}

/** How many rows are what, as the page shows it. */
async function counts() {
  const parts = await office.page.locator('.counts > div').allInnerTexts();
  return Object.fromEntries(parts.map((part) => part.split('\n').filter(Boolean)).map(([label, n]) => [label, Number(n.replace(',', ''))]));
}

/** The problems that the page lists: row, field and what is wrong. */
async function problems() {
  const rows = await office.page.getByRole('table', { name: '问题' }).or(office.page.getByRole('grid', { name: '问题' })).locator('tbody tr').allInnerTexts();
  return rows.map((row) => row.split('\t').map((cell) => cell.trim()));
}

test('the sheet that everything came from brings nothing new', async () => {
  await read(COMMUNITIES);
  const { page } = office;
  const counted = await counts();
  const rows = (await readFile(COMMUNITIES, 'utf8')).trim().split('\n').length - 1;
  assert.deepEqual([counted['新增'], counted['不收']], [0, 0]);
  // All are there; of the last the practice city has withdrawn one, and nine are changed or about to be.
  assert.equal(Object.values(counted).reduce((all, n) => all + n, 0), rows);
  assert.equal(counted['记录已撤销'], (await office.ask('overview')).withdrawn);
  assert.ok(counted['已有且相同'] > 3_500, JSON.stringify(counted));
  assert.equal(await page.getByRole('button', { name: '提交 0 条' }).isDisabled(), true);
});

test('a sheet with new rows and bad ones: each problem by row and field, the rest is submitted', async () => {
  const { page } = office;
  const file = join(folder, '新社区.csv');
  await writeFile(file, SHEET);
  await read(file);
  const counted = await counts();
  const listed = await problems();
  const of = (row) => listed.filter(([at]) => at === String(row));
  assert.match(of(3).join(), /社区（村）代码.*12/);
  assert.match(of(4).join(), /社区（村）名称.*必填/);
  assert.match(of(6).join(), /街道（乡镇）代码开头/);
  assert.equal(of(2).length + of(7).length > 0, true, 'the code that stands twice is not told');

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: '下载错误清单' }).click();
  const sheet = await readFile(await (await download).path());
  const name = (await download).suggestedFilename();
  const rows = rowsOf(sheet);
  assert.equal(rows[0].at(-1), '问题');
  assert.deepEqual(rows.slice(1).map(([code, village]) => [code, village]), [
    ['42010200296', '少一位社区'],
    ['420102002962', ''],
    ['430102002964', '不合规则社区'],
    ['420102002961', '重复的社区'],
  ]);
  const reasons = rows.slice(1).map((row) => row.at(-1));
  const expected = [/12 位数字/, /社区（村）名称：必填/, /街道（乡镇）代码开头/, /与第 2 行是同一条记录/];
  expected.forEach((reason, index) => assert.match(reasons[index], reason));

  const { waiting } = await office.ask('overview');
  await page.getByRole('button', { name: `提交 ${counted['新增']} 条` }).click();
  const dialog = await dialogOf(page);
  await dialog.getByRole('button', { name: `签署并提交 ${counted['新增']} 条` }).click();
  await page.getByText(`已提交 ${counted['新增']} 条，待审批`).waitFor();
  assert.equal((await office.ask('overview')).waiting, waiting + counted['新增']);

  // What went back comes again with the same problems.
  const again = join(folder, name);
  await writeFile(again, sheet);
  await read(again);
  assert.deepEqual((await problems()).map((row) => row.slice(1)), listed.slice(0, -1).map((row) => row.slice(1)));
});

/** The most memory that the program ever had, in KiB. */
async function peak() {
  return Number(/VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${office.pid()}/status`, 'utf8'))[1]);
}

test('a sheet of 100 MB is refused before it is read', async () => {
  const file = join(folder, '很大.xlsx');
  const large = await open(file, 'w');
  await large.truncate(100 << 20);
  await large.close();
  const before = await peak();
  await read(file);
  const told = await office.page.getByRole('alert').innerText();
  assert.match(told, /100 MB|104,857,600/, 'another size is named than the file has');
  assert.match(told, /最多读取/);
  assert.match(told, /没有提交任何记录/);
  assert.ok((await peak()) - before < 32 << 10, 'the file was taken into memory');
  // The page goes on.
  await office.choose('选择表格', COMMUNITIES);
  await office.page.locator('.counts').waitFor();
});
