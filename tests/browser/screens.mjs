// Every page in one language, light and dark, in two sizes.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { desk, practice } from './host.mjs';
import { look, nothingWrong } from './look.mjs';
import { APPROVER, dialogOf, DRAFTER, foundOffice, OWN, SECURITY_ADMIN, SHEET } from './steps.mjs';

const desks = {};
const files = {};
let record;

async function begin() {
  [desks.blank, desks.empty, desks.office] = await Promise.all([desk(), desk(), practice()]);
  await foundOffice(desks.empty);
  await gather(desks.office);
}

/** Evidence, the same with one byte changed, something else, and a sheet with problems. */
async function gather(office) {
  await office.unlock(...DRAFTER);
  const { records } = await office.ask('records', { state: 'published', text: null, after: null, limit: 50 });
  record = records.find(({ pending }) => !pending).id;
  const { token } = await office.ask('export', { record, version: null, disclose: null });
  const genuine = await office.fetched(token);
  const altered = Buffer.from(genuine);
  altered[Math.floor(altered.length / 2)] ^= 1;
  const evidence = (name, buffer) => ({ name, mimeType: 'application/octet-stream', buffer });
  files.genuine = evidence('存证.yinxin', genuine);
  files.altered = evidence('改过.yinxin', altered);
  files.foreign = evidence('别的.yinxin', Buffer.from('这不是存证文件'));
  files.known = fileURLToPath(new URL('../../practice/wuhan_communities_2021.csv', import.meta.url));
  files.sheet = { name: '新社区.csv', mimeType: 'text/csv', buffer: Buffer.from(SHEET) };
}

/** Chooses a file by the main button of the page. */
const pick = (file) => async (page) => {
  const chooser = page.waitForEvent('filechooser');
  await page.locator('main .el-button--primary').first().click();
  await (await chooser).setFiles(files[file]);
  await page.locator('.verdict, .counts, [role="alert"]').first().waitFor();
};
const press = (selector, which = 'first') => async (page) => {
  await page.locator(selector)[which]().click();
  await dialogOf(page);
};
const opened = (selector) => (page) => page.locator(selector).first().waitFor();

const NO_OFFICE = [
  ['blank', '/start'],
  ['blank-found', '/start/found'],
  ['blank-practice', '/start/practice'],
  ['blank-verify', '/verify'],
  ['blank-closed', '/start', breaking],
];
const NOBODY_YET = [
  ['empty-locked', '/home'],
  ['empty-people', '/people'],
  ['empty-people-add', '/people', adding],
  ['empty-audit', '/audit'],
];
const NOTHING_YET = [
  ['empty-home', '/home'],
  ['empty-records', '/records'],
  ['empty-approval', '/approval'],
];

/** Pages by who sits there: name, address, and what is done before it is looked at. */
const NOBODY = [
  ['start', '/start'],
  ['start-practice', '/start/practice'],
  ['start-found', '/start/found'],
  ['home-locked', '/home'],
  ['records-locked', '/records'],
  ['approval-locked', '/approval'],
  ['form-locked', '/records/new'],
  ['verify', '/verify'],
  ['verify-genuine', '/verify', pick('genuine')],
  ['verify-altered', '/verify', pick('altered')],
  ['verify-foreign', '/verify', pick('foreign')],
  ['people', '/people'],
  ['audit', '/audit'],
  ['settings', '/settings'],
  ['unlock', '/home', press('header button', 'last')],
];
const drafting = () => [
  ['home-drafter', '/home'],
  ['records', '/records'],
  ['records-none', '/records?text=%E6%9F%A5%E6%97%A0'],
  ['record', `/records/${record}`],
  ['export', `/records/${record}?show=export`],
  ['withdraw', `/records/${record}?show=withdraw`],
  ['erase', `/records/${record}?show=erase`],
  ['import', '/records/import'],
  ['import-problems', '/records/import', pick('sheet')],
  ['import-known', '/records/import', pick('known')],
  ['form-change', `/records/${record}`, changing],
  ['form-kinds', '/records/new', opened('.kinds button')],
  ['form', '/records/new', begun],
  ['form-problems', '/records/new', wronglyFilled],
];
const APPROVING = [
  ['home-approver', '/home'],
  ['approval', '/approval', opened('tbody tr')],
  ['approval-sign', '/approval', signing],
  ['audit-done', '/audit', auditing],
];

const ADMINISTERING = [
  ['home-admin', '/home'],
  ['people-admin', '/people', opened('tbody tr')],
  ['people-confirm', '/people', press('main li .el-button--primary')],
  ['people-change', '/people', press('tbody tr button.is-link', 'last')],
  ['people-admit', '/people', adding],
];

const broken = () => join(desks.blank.folder, 'office');

/** An office that cannot be opened. */
async function breaking(page) {
  await mkdir(broken());
  await writeFile(join(broken(), 'yinxin.db'), '不是数据库');
  await page.reload();
  await page.locator('[role="alert"]').waitFor();
}

async function changing(page) {
  await page.locator('main .el-button--primary').first().click();
  await page.locator('.sheet').waitFor();
}

async function auditing(page) {
  // The words of an earlier audit stand there already: this one is over when its job is.
  const over = page.waitForResponse(async (response) => /\/api\/(audit|job)$/.test(response.url()) && (await response.json()).state === 'done');
  await page.locator('main .el-button--primary').first().click();
  await over;
  await page.locator('main .el-button--primary:not(.is-disabled)').first().waitFor();
  await page.getByText(/没有发现损坏|No damage found/).waitFor();
}

/** A form of the first kind of records. */
async function begun(page) {
  await page.locator('.kinds button').first().click();
  await page.locator('.sheet').waitFor();
}

async function wronglyFilled(page) {
  await begun(page);
  await page.locator('.sheet input').first().fill('42');
  await page.locator('main .el-button--primary').first().click();
  await page.locator('.summary').waitFor();
}

async function adding(page) {
  await page.locator('main .el-button--primary').first().click();
  await page.locator('.add').waitFor();
}

async function signing(page) {
  await page.locator('thead input[type="checkbox"]').first().dispatchEvent('click');
  await press('main .el-button--primary')(page);
}

/** Looks at pages one after the other; after one on which something was done the next is loaded anew. */
async function walk(window, pages, how) {
  const wrong = [];
  let fresh = true;
  window.complaints.length = 0;
  for (const [name, route, prepare] of pages) {
    await (fresh ? window.show(route) : window.go(route));
    await prepare?.(window.page);
    wrong.push(...(await look(window, name, { ...how, practice: how.practice && !route.startsWith('/start') })));
    fresh = prepare !== undefined || route.includes('?');
  }
  return wrong;
}

const shownAs = ({ ask }, { language, theme }) => ask('settings_save', { language, theme, zoom: 100 });

async function withoutRecords(how) {
  const { blank, empty } = desks;
  await Promise.all([shownAs(blank, how), shownAs(empty, how)]);
  const none = { ...how, data: false };
  const wrong = await walk(blank, NO_OFFICE, none);
  await rm(broken(), { recursive: true });
  await empty.ask('lock');
  wrong.push(...(await walk(empty, NOBODY_YET, none)));
  await empty.unlock('示例经办', OWN.drafter);
  return [...wrong, ...(await walk(empty, NOTHING_YET, none))];
}

async function practiceOffice(how) {
  const { office } = desks;
  const shown = { ...how, practice: true };
  await shownAs(office, how);
  await office.ask('lock');
  const wrong = await walk(office, NOBODY, shown);
  await office.unlock(...DRAFTER);
  wrong.push(...(await walk(office, drafting(), shown)));
  await office.unlock(...APPROVER);
  wrong.push(...(await walk(office, APPROVING, shown)));
  await office.unlock(...SECURITY_ADMIN);
  return [...wrong, ...(await walk(office, ADMINISTERING, shown))];
}

/** The tests of a language; each language is a file, so that neither takes long. */
export function screens(language) {
  before(begin);
  after(() => Promise.all(Object.values(desks).map((one) => one.end())));
  for (const theme of ['light', 'dark']) {
    test(`before there is an office, and in an empty one: ${theme}`, async () => nothingWrong(await withoutRecords({ language, theme })));
    test(`the practice office: ${theme}`, async () => nothingWrong(await practiceOffice({ language, theme })));
  }
}
