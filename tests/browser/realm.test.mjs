// A register is founded and an office joins it, in the window: a request, people
// and twenty digits that are compared, both admins, an answer; and evidence of the
// office is verified by whoever has only the realm's policy.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { BINARY, desk } from './host.mjs';
import { look, nothingWrong } from './look.mjs';
import { dialogOf, HOST, OWN } from './steps.mjs';

const KEEPER = '11420100MB1A00014N';
const OFFICE = '11420100MB0889006F';
const ADMINS = { 名录系统示例: ['system-admin', '湖心亭 竹笛 白鹭 算盘'], 名录安保示例: ['security-admin', '蓑衣 灯塔 麦浪 铜壶'] };
const PEOPLE = {
  示例经办: ['drafter', OWN.drafter],
  示例审批: ['approver', OWN.approver],
  示例系统: ['system-admin', '渔火 石桥 棉袍 砚台'],
  示例安保: ['security-admin', '荷塘 纸鸢 瓦罐 芦笙'],
};

const ANEW = '檐铃 谷雨 蓑笠 漆盒';

let [register, office, folder] = [];
before(async () => {
  [register, office] = [await desk(), await desk()];
  folder = await mkdtemp(join(tmpdir(), 'yinxin-realm-'));
});
after(async () => {
  await register.end();
  await office.end();
  await rm(folder, { recursive: true, force: true });
});

const seen = async (window, name, language = 'zh-CN') => nothingWrong(await look(window, name, { language, theme: 'light' }));

async function admit(window, people) {
  for (const [name, [role, passphrase]] of Object.entries(people)) {
    const added = await window.ask('people_add', { name, post: '科员', roles: [role], passphrase, host_passphrase: HOST });
    assert.equal(added.name, name, JSON.stringify(added));
  }
}

async function as(window, people, name, route) {
  await window.unlock(name, people[name][1]);
  await window.show(route);
}

/** What a button makes the browser download. */
async function downloaded(window, act, name) {
  const download = window.page.waitForEvent('download');
  await act();
  const path = join(folder, name);
  await (await download).saveAs(path);
  return path;
}

let [request, digits, answer, policy] = [];

test('a register is founded on the start page, and shows nothing of records', async () => {
  const { page } = register;
  await register.show('/start/found');
  await page.getByText('名录', { exact: true }).click();
  await page.getByLabel('部门名称').fill('武汉市数据局（示例）');
  await page.getByLabel('统一社会信用代码').fill(KEEPER);
  await seen(register, 'found-register');
  await page.getByRole('button', { name: '下一步：主机口令' }).click();
  await page.getByLabel('主机口令').fill(HOST);
  await page.getByLabel('再输入一遍').fill(HOST);
  await page.getByText('本机自动登记').click();
  await page.getByRole('button', { name: /^建立/ }).click();
  await page.waitForURL(/#\/people/);
  await admit(register, ADMINS);
  await register.show('/home');
  await page.waitForURL(/#\/register/);
  await page.getByText('名录里还没有部门').waitFor();
  assert.equal(await page.getByRole('navigation').getByText('审批').count(), 0);
  await seen(register, 'register-empty');
});

test('an office asks', async () => {
  const { page } = office;
  await office.ask('office_create', { realm: 'wuhan', name: '武汉市民政局（示例）', code: OFFICE, passphrase: HOST, unattended: false, register: false });
  await admit(office, PEOPLE);
  await as(office, PEOPLE, '示例经办', '/people');
  const panel = page.locator('section', { hasText: '还没有入录' }).last();
  assert.equal(await panel.getByRole('button', { name: '生成申请…' }).getAttribute('aria-disabled'), 'true');
  await as(office, PEOPLE, '示例系统', '/people');
  await panel.scrollIntoViewIfNeeded();
  await seen(office, 'realm-before');
  await panel.getByRole('button', { name: '生成申请…' }).click();
  const dialog = await dialogOf(page);
  await seen(office, 'realm-ask');
  request = await downloaded(office, () => dialog.getByRole('button', { name: '生成申请' }).click(), '申请.yinxin-request');
  const told = await panel.locator('.told').innerText();
  digits = told.replace(/\D/g, '').slice(-20);
  assert.match(digits, /^\d{20}$/);
});

test('the register compares people and digits, and both admins sign', async () => {
  const { page } = register;
  await as(register, ADMINS, '名录系统示例', '/register');
  await page.getByRole('button', { name: '登记申请…' }).click();
  const dialog = await dialogOf(page);
  const bad = join(folder, '坏的.yinxin-request');
  await writeFile(bad, 'no request');
  await register.choose('选择文件…', bad);
  await dialog.getByRole('button', { name: '提出', exact: true }).click();
  await dialog.getByText('申请读不出来').waitFor();
  register.complaints.splice(0);
  await register.choose('选择文件…', request);
  await seen(register, 'register-propose');
  await dialog.getByRole('button', { name: '提出', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByText('人员 4 名').waitFor();
  // Whoever proposed does not confirm.
  assert.equal(await page.getByRole('button', { name: '核对并确认…' }).getAttribute('aria-disabled'), 'true');
  await as(register, ADMINS, '名录安保示例', '/register');
  assert.equal((await page.locator('.digits').first().innerText()).replace(/\D/g, ''), digits);
  await seen(register, 'register-waits');
  await page.getByRole('button', { name: '核对并确认…' }).click();
  const confirm = await dialogOf(page);
  await confirm.locator('input[type="password"]').fill(HOST);
  await seen(register, 'register-confirm');
  await confirm.getByRole('button', { name: '确认并登记' }).click();
  await confirm.waitFor({ state: 'hidden' });
  await page.locator('tbody tr', { hasText: OFFICE }).waitFor();
  answer = await downloaded(register, () => page.getByRole('button', { name: '写出答复' }).click(), '答复.yinxin-admission');
  policy = await downloaded(register, () => page.getByRole('button', { name: /信任文件/ }).click(), '信任文件.txt');
  await seen(register, 'register-admitted');
});

test('the office joins, and its evidence verifies by the policy alone', async () => {
  const { page } = office;
  await as(office, PEOPLE, '示例安保', '/people');
  await page.getByRole('button', { name: '收下答复…' }).click();
  const dialog = await dialogOf(page);
  for (const [at, file] of [answer, policy].entries()) {
    const chooser = page.waitForEvent('filechooser');
    await dialog.getByRole('button', { name: '选择文件…' }).nth(at).click();
    await (await chooser).setFiles(file);
  }
  await seen(office, 'realm-join');
  await dialog.getByRole('button', { name: '收下', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByText('名录第 1 次登记').waitFor();
  await page.getByText('名录第 1 次登记').scrollIntoViewIfNeeded();
  await seen(office, 'realm-joined');
  const file = join(folder, '一条.yinxin');
  await writeFile(file, await exported());
  const ended = await new Promise((done) => execFile(BINARY, ['verify', file, '--policy', policy, '--json'], (error, said) => done([error?.code ?? 0, said])));
  assert.equal(ended[0], 0, ended[1]);
  assert.match(ended[1], /finding_trusted_by_register/);
  assert.match(ended[1], /finding_people_compared/);
});

/** A record that is drafted and approved here, as evidence. */
async function exported() {
  await office.unlock('示例经办', PEOPLE.示例经办[1]);
  const form = await office.ask('form_begin', { template: 'community' });
  const typed = { village_code: '420102002950', village: '示例社区', town_code: '420102002', town: '大智街道', county_code: '420102', county: '江岸区', city_code: '4201', province_code: '42', province: '湖北省' };
  await office.ask('form_save', { id: form.id, cells: { ...form.cells, ...typed } });
  const { record } = await office.ask('form_submit', { id: form.id });
  await office.unlock('示例审批', PEOPLE.示例审批[1]);
  const { waiting } = await office.ask('waiting', { limit: 10 });
  const items = waiting.map(({ record, draft }) => ({ record, draft }));
  await office.done(await office.ask('approve', { items, host_passphrase: HOST }));
  const { token } = await office.ask('export', { record, host_passphrase: HOST });
  return office.fetched(token);
}

test('the register appoints an admin who has lost the passphrase', async () => {
  const { page } = office;
  await as(office, PEOPLE, '示例系统', '/people');
  await page.getByRole('button', { name: '申请任命…' }).scrollIntoViewIfNeeded();
  await seen(office, 'officer-panel');
  await page.getByRole('button', { name: '申请任命…' }).click();
  const asking = await dialogOf(page);
  await asking.getByLabel('姓名').fill('示例安保');
  await asking.getByText('安全保密管理员').click();
  for (const field of await asking.locator('input[type="password"]').all()) await field.fill(ANEW);
  await asking.getByText('可以使用').or(asking.getByText('不容易猜')).first().waitFor({ timeout: 5000 }).catch(() => {});
  await seen(office, 'officer-ask');
  const asked = await downloaded(office, () => asking.getByRole('button', { name: '生成申请' }).click(), '任命.yinxin-request');
  await as(register, ADMINS, '名录系统示例', '/register');
  await register.page.getByRole('button', { name: '登记申请…' }).click();
  const proposing = await dialogOf(register.page);
  await register.choose('选择文件…', asked);
  await seen(register, 'officer-propose');
  await proposing.getByRole('button', { name: '提出', exact: true }).click();
  await proposing.waitFor({ state: 'hidden' });
  await as(register, ADMINS, '名录安保示例', '/register');
  await register.page.getByText('任命：据申请是名册里已有的人').waitFor();
  await seen(register, 'officer-waits');
  await register.page.getByRole('button', { name: '核对并确认…' }).click();
  const confirming = await dialogOf(register.page);
  await confirming.locator('input[type="password"]').fill(HOST);
  await seen(register, 'officer-confirm');
  await confirming.getByRole('button', { name: '确认并登记' }).click();
  await confirming.waitFor({ state: 'hidden' });
  const warrant = await downloaded(register, () => register.page.getByRole('button', { name: '写出任命书' }).click(), '任命书.yinxin-warrant');
  await seen(register, 'officer-appointed');
  await page.getByRole('button', { name: '收下任命书…' }).click();
  const taking = await dialogOf(page);
  await office.choose('选择文件…', warrant);
  const [own, host] = await taking.locator('input[type="password"]').all();
  await own.fill(ANEW);
  await host.fill(HOST);
  await seen(office, 'officer-take');
  await taking.getByRole('button', { name: '签名并登记' }).click();
  await taking.waitFor({ state: 'hidden' });
  await page.getByText('示例安保 已登记为').waitFor();
  PEOPLE.示例安保[1] = ANEW;
  await as(office, PEOPLE, '示例安保', '/people');
  await seen(office, 'officer-is-one');
});

test('in English it reads and fits as well', async () => {
  for (const window of [register, office]) await window.ask('settings_save', { language: 'en', zoom: 100, theme: 'light' });
  await as(register, ADMINS, '名录系统示例', '/register');
  await seen(register, 'register', 'en');
  await register.page.getByRole('button', { name: 'Suspend…' }).click();
  await dialogOf(register.page);
  await seen(register, 'suspend', 'en');
  await as(office, PEOPLE, '示例系统', '/people');
  await office.page.getByText('act 1 of the register').scrollIntoViewIfNeeded();
  await seen(office, 'realm', 'en');
  await office.page.getByRole('button', { name: 'Make the request…' }).click();
  await dialogOf(office.page);
  await seen(office, 'ask', 'en');
  await office.page.keyboard.press('Escape');
  await office.page.getByRole('button', { name: 'Ask for an appointment…' }).click();
  await dialogOf(office.page);
  await seen(office, 'officer-ask', 'en');
  await office.page.keyboard.press('Escape');
  await office.page.getByRole('button', { name: 'Take a warrant in…' }).click();
  await dialogOf(office.page);
  await seen(office, 'officer-take', 'en');
});

test('a suspended office is told so before anybody signs', async () => {
  const { page } = register;
  for (const window of [register, office]) await window.ask('settings_save', { language: 'zh-CN', zoom: 100, theme: 'light' });
  await as(register, ADMINS, '名录系统示例', '/register');
  await page.getByRole('button', { name: '停用…' }).click();
  const dialog = await dialogOf(page);
  await dialog.getByText('部门在那以后登记的都不作数').waitFor();
  await seen(register, 'suspend');
  await dialog.getByRole('button', { name: '提出停用' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await as(register, ADMINS, '名录安保示例', '/register');
  await page.getByRole('button', { name: '核对并确认…' }).click();
  const confirming = await dialogOf(page);
  await confirming.locator('input[type="password"]').fill(HOST);
  await confirming.getByRole('button', { name: '确认并登记' }).click();
  await confirming.waitFor({ state: 'hidden' });
  const said = await downloaded(register, () => page.getByRole('button', { name: '写出答复' }).click(), '停用.yinxin-admission');
  const newer = await downloaded(register, () => page.getByRole('button', { name: /信任文件/ }).click(), '信任文件二.txt');
  await as(office, PEOPLE, '示例系统', '/people');
  await office.page.getByRole('button', { name: '收下答复…' }).click();
  const joining = await dialogOf(office.page);
  for (const [at, file] of [said, newer].entries()) {
    const chooser = office.page.waitForEvent('filechooser');
    await joining.getByRole('button', { name: '选择文件…' }).nth(at).click();
    await (await chooser).setFiles(file);
  }
  await joining.getByRole('button', { name: '收下', exact: true }).click();
  await joining.waitFor({ state: 'hidden' });
  await office.show('/home');
  await office.page.getByText('名录已停用本部门').waitFor();
  await seen(office, 'suspended-home');
});
