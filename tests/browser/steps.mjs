// Steps that several tests take through the pages, and what they type.
import { APPROVER, DRAFTER } from './host.mjs';

export const SYSTEM_ADMIN = ['马宁示例', 'practice-maning'];
export const SECURITY_ADMIN = ['罗安示例', 'practice-luoan'];

/** A made-up community that the practice office does not have. */
export const COMMUNITY = {
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

export const NAME = '社区（村）名称';
export const TOWN = '街道（乡镇）名称';

export const fieldOf = (page, label) => page.getByLabel(label).first();

/** The drafter begins a new record. */
export async function beginForm(desk) {
  await desk.unlock(...DRAFTER);
  await newCommunity(desk);
}

/** Whoever is unlocked begins a community; there are several kinds of records. */
export async function newCommunity(desk) {
  await desk.show('/records/new');
  await desk.page.getByRole('button', { name: '社区名录' }).click();
  await desk.page.waitForURL(/#\/forms\//);
  await fieldOf(desk.page, NAME).waitFor();
}

export async function fill(page, fields) {
  for (const [label, text] of Object.entries(fields)) await fieldOf(page, label).fill(text);
}

/** Until the page says that what was typed is saved. */
export const saved = (page) => page.getByText(/^(已保存|Saved) /).waitFor();

/** What the program has kept of the form that the page shows. */
export async function kept({ page, ask }) {
  const id = /#\/forms\/([^?]+)/.exec(page.url())[1];
  return (await ask('form', { id })).cells;
}

/** The dialog, once it has the focus: before that a key would go past it. */
export async function dialogOf(page) {
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  await page.waitForFunction(() => document.activeElement?.matches('[role="dialog"] :is(button, input, textarea)'));
  return dialog;
}

/** Submits the form that is shown; gives the record's address. */
export async function submitForm(page) {
  await page.getByRole('button', { name: '提交审批' }).click();
  const dialog = await dialogOf(page);
  await dialog.getByRole('button', { name: '签署并提交审批' }).click();
  await page.waitForURL(/#\/records\/[0-9a-f]{32}/);
  return /#\/records\/([0-9a-f]{32})/.exec(page.url())[1];
}

/** Everything that waits is chosen, and the step before signing is shown. */
export async function chooseAll({ page }) {
  await page.getByRole('button', { name: /^全选/ }).click();
  await page.getByRole('button', { name: /^签发 \d+ 条$/ }).click();
  return dialogOf(page);
}

/** What opens the keys of the office that is founded here. */
export const HOST = '梅园 黄鹤 渡口 石榴';
export const OWN = { drafter: '晨光 稻田 竹椅 铜铃', approver: '松涛 瓷碗 蓝布 长桥' };

/** An office whose host asks for its passphrase. */
export async function foundOffice({ ask }) {
  const host = HOST;
  await ask('office_create', { realm: 'shili', name: '示例局', code: '990000000000000021', passphrase: host, unattended: false, register: false });
  const people = { 示例经办: ['drafter', OWN.drafter], 示例审批: ['approver', OWN.approver] };
  for (const [name, [role, passphrase]] of Object.entries(people)) {
    await ask('people_add', { name, post: null, roles: [role], passphrase, host_passphrase: host });
  }
}

const HEAD = 'village_code,village,town_code,town,county_code,county,city_code,province_code,province';
const TAIL = '420102002,大智街道,420102,江岸区,4201,42,湖北省';
/** A sheet with two new communities, and four rows that are refused. */
export const SHEET = [
  HEAD,
  `420102002961,示例甲社区,${TAIL}`,
  `42010200296,少一位社区,${TAIL}`,
  `420102002962,,${TAIL}`,
  `420102002963,示例乙社区,${TAIL}`,
  `430102002964,不合规则社区,${TAIL}`,
  `420102002961,重复的社区,${TAIL}`,
].join('\n');

export { APPROVER, DRAFTER };
