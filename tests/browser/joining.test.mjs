// Somebody joins by file, in the window: an invitation, a key that the person
// makes, twenty digits that are typed and compared, and both admins.
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { desk, practice } from './host.mjs';
import { look, nothingWrong } from './look.mjs';
import { dialogOf, foundOffice, HOST, SECURITY_ADMIN, SYSTEM_ADMIN } from './steps.mjs';

const PASSPHRASE = '示例 口令 长到不好猜 2026';
const NEWCOMER = '何新示例';

let [office, folder] = [];
before(async () => {
  office = await practice();
  folder = await mkdtemp(join(tmpdir(), 'yinxin-joining-'));
});
after(async () => {
  await office.end();
  await rm(folder, { recursive: true, force: true });
});

const seen = async (name, language = 'zh-CN') => nothingWrong(await look(office, name, { language, theme: 'light' }));
const panel = () => office.page.locator('section', { hasText: '用文件加入' }).last();

async function asPerson(person) {
  await office.unlock(...person);
  await office.show('/people');
}

/** What a button makes the browser download. */
async function downloaded(act, name) {
  const download = office.page.waitForEvent('download');
  await act();
  const path = join(folder, name);
  await (await download).saveAs(path);
  return path;
}

let [invitation, answer, digits] = [];

test('an admin invites somebody', async () => {
  const { page } = office;
  await asPerson(SYSTEM_ADMIN);
  await panel().getByRole('button', { name: '邀请…' }).click();
  const dialog = await dialogOf(page);
  await dialog.getByLabel('姓名').fill(NEWCOMER);
  await dialog.getByLabel('职务（可不填）').fill('科员');
  await dialog.getByText('审批人', { exact: true }).click();
  await seen('invite');
  invitation = await downloaded(() => dialog.getByRole('button', { name: '生成邀请函' }).click(), '邀请.yinxin-invitation');
  await panel().locator('li', { hasText: NEWCOMER }).waitFor();
  await panel().locator('li', { hasText: NEWCOMER }).scrollIntoViewIfNeeded();
  await seen('invited');
});

test('the person opens it, sees it, makes a key and gets twenty digits', async () => {
  const { page } = office;
  await office.ask('lock');
  await office.show('/people');
  await panel().getByRole('button', { name: '我收到了邀请函…' }).click();
  const dialog = await dialogOf(page);
  const bad = join(folder, '坏的.yinxin-invitation');
  await writeFile(bad, 'no invitation');
  await office.choose('选择邀请函文件…', bad);
  await dialog.getByText('这个文件不是邀请函').waitFor();
  office.complaints.splice(0);
  await office.choose('选择邀请函文件…', invitation);
  await dialog.getByText(NEWCOMER).waitFor();
  const passphrases = dialog.locator('input[type="password"]');
  await passphrases.nth(0).fill(PASSPHRASE);
  await passphrases.nth(1).fill(PASSPHRASE);
  await seen('accept');
  answer = await downloaded(() => dialog.getByRole('button', { name: '生成密钥和回执' }).click(), '回执.yinxin-answer');
  digits = (await dialog.locator('.digits').innerText()).replace(/\D/g, '');
  assert.match(digits, /^\d{20}$/);
  await seen('accepted');
  await dialog.getByRole('button', { name: '关闭' }).last().click();
});

test('other digits are refused and counted, the right ones are taken, the other admin confirms', async () => {
  const { page } = office;
  await asPerson(SYSTEM_ADMIN);
  await panel().locator('li', { hasText: NEWCOMER }).getByRole('button', { name: '收回执…' }).click();
  const dialog = await dialogOf(page);
  await office.choose('选择回执文件…', answer);
  const field = dialog.getByLabel('二十位数字');
  const take = dialog.getByRole('button', { name: '核对数字，提出加入' });
  await field.fill(digits.slice(1));
  assert.equal(await take.isDisabled(), true);
  await field.fill([...digits].reverse().join(''));
  await take.click();
  await dialog.getByText('还可以再试 2 次').waitFor();
  office.complaints.splice(0);
  await seen('digits-other');
  await field.fill(digits.replace(/(\d{4})/g, '$1 '));
  await take.click();
  await dialog.waitFor({ state: 'hidden' });
  await office.settled();
  await asPerson(SECURITY_ADMIN);
  const change = page.locator('main li', { hasText: NEWCOMER });
  // The second admin sees the digits, too.
  assert.equal((await change.innerText()).replace(/\D/g, '').includes(digits), true);
  await seen('waits-with-digits');
  await change.getByRole('button', { name: '确认并登记' }).click();
  const confirm = await dialogOf(page);
  await seen('confirm-with-digits');
  await confirm.getByRole('button', { name: '确认并登记' }).click();
  await confirm.waitFor({ state: 'hidden' });
  await office.unlock(NEWCOMER, PASSPHRASE);
  assert.deepEqual((await office.done(await office.ask('audit'))).is.damages, []);
});

test('in English it reads and fits as well', async () => {
  const { page } = office;
  await asPerson(SYSTEM_ADMIN);
  await office.ask('settings_save', { language: 'en', zoom: 100, theme: 'light' });
  await office.show('/people');
  await page.getByRole('button', { name: 'Invite…' }).click();
  const dialog = await dialogOf(page);
  await seen('invite', 'en');
  await dialog.getByText('Somebody in the roster (new key)').click();
  await dialog.locator('.el-select__wrapper').click();
  await page.getByRole('option', { name: '张三示例' }).click();
  await seen('invite-known', 'en');
  await downloaded(() => dialog.getByRole('button', { name: 'Make the invitation' }).click(), 'again.yinxin-invitation');
  await page.getByRole('button', { name: 'Take the answer…' }).last().click();
  await dialogOf(page);
  await seen('take', 'en');
  await office.show('/people');
  await page.getByRole('button', { name: 'I was invited…' }).click();
  await dialogOf(page);
  await office.choose('Choose the invitation…', join(folder, 'again.yinxin-invitation'));
  await page.getByText('Stands until').last().waitFor();
  await seen('accept', 'en');
  // An admin takes it back, after a step that says what that means.
  await office.show('/people');
  await page.getByRole('button', { name: 'Withdraw…' }).last().click();
  const ending = await dialogOf(page);
  assert.equal(await ending.locator('input[type="password"]').count(), 0);
  await seen('withdraw', 'en');
  await ending.getByRole('button', { name: 'Withdraw it' }).click();
  await page.getByText('The invitation of 张三示例 is withdrawn.').waitFor();
  assert.deepEqual((await office.ask('invitations')).invitations, []);
});

test('while an office is founded, the keeper of the host passphrase invites and admits', async () => {
  const own = await desk();
  try {
    await foundOffice(own);
    const { page } = own;
    await own.show('/people');
    const joining = page.locator('section', { hasText: '用文件加入' }).last();
    await joining.getByRole('button', { name: '邀请…' }).click();
    const dialog = await dialogOf(page);
    await dialog.getByLabel('姓名').fill(NEWCOMER);
    await dialog.getByText('经办人', { exact: true }).click();
    await dialog.locator('input[type="password"]').fill(HOST);
    nothingWrong(await look(own, 'founding-invite', { language: 'zh-CN', theme: 'light' }));
    const save = async (act, name) => {
      const download = page.waitForEvent('download');
      await act();
      await (await download).saveAs(join(folder, name));
    };
    await save(() => dialog.getByRole('button', { name: '生成邀请函' }).click(), '创建.yinxin-invitation');
    // It is withdrawn by whoever knows the host passphrase, and another one made.
    const stands = joining.locator('li', { hasText: NEWCOMER });
    const withdrawing = async () => {
      await stands.getByRole('button').last().click();
      return dialogOf(page);
    };
    const ending = await withdrawing();
    await ending.getByRole('button', { name: '不撤回' }).click();
    await ending.waitFor({ state: 'hidden' });
    await stands.waitFor();
    await withdrawing();
    assert.equal(await ending.getByRole('button', { name: '撤回邀请' }).isDisabled(), true);
    await ending.locator('input[type="password"]').fill('不是主机口令');
    await ending.getByRole('button', { name: '撤回邀请' }).click();
    await ending.getByText('口令不对').first().waitFor();
    own.complaints.splice(0);
    nothingWrong(await look(own, 'founding-withdraw', { language: 'zh-CN', theme: 'light' }));
    await own.ask('settings_save', { language: 'en', zoom: 100, theme: 'light' });
    await own.show('/people');
    const english = page.locator('section', { hasText: 'Joining by file' }).last();
    await english.locator('li', { hasText: NEWCOMER }).scrollIntoViewIfNeeded();
    nothingWrong(await look(own, 'founding-invited', { language: 'en', theme: 'light' }));
    await english.getByRole('button', { name: 'Withdraw…' }).click();
    await dialogOf(page);
    nothingWrong(await look(own, 'founding-withdraw', { language: 'en', theme: 'light' }));
    await own.ask('settings_save', { language: 'zh-CN', zoom: 100, theme: 'light' });
    await own.show('/people');
    await withdrawing();
    await ending.locator('input[type="password"]').fill(HOST);
    await ending.getByRole('button', { name: '撤回邀请' }).click();
    await joining.getByText(`给${NEWCOMER}的邀请已撤回`).waitFor();
    assert.equal(await stands.count(), 0);
    await joining.scrollIntoViewIfNeeded();
    nothingWrong(await look(own, 'founding-withdrawn', { language: 'zh-CN', theme: 'light' }));
    await joining.getByRole('button', { name: '邀请…' }).click();
    await dialogOf(page);
    await dialog.getByLabel('姓名').fill(NEWCOMER);
    await dialog.getByText('经办人', { exact: true }).click();
    await dialog.locator('input[type="password"]').fill(HOST);
    await save(() => dialog.getByRole('button', { name: '生成邀请函' }).click(), '创建.yinxin-invitation');
    // The person opens it where no office is open.
    await own.show('/start');
    await page.getByRole('button', { name: '我收到了邀请函…' }).click();
    nothingWrong(await look(own, 'start-accept', { language: 'zh-CN', theme: 'light' }));
    await own.choose('选择邀请函文件…', join(folder, '创建.yinxin-invitation'));
    const accepting = page.getByRole('dialog');
    const passphrases = accepting.locator('input[type="password"]');
    await passphrases.nth(0).fill(PASSPHRASE);
    await passphrases.nth(1).fill(PASSPHRASE);
    await save(() => accepting.getByRole('button', { name: '生成密钥和回执' }).click(), '创建.yinxin-answer');
    const read = await accepting.locator('.digits').innerText();
    await own.show('/people');
    await joining.getByRole('button', { name: '收回执…' }).click();
    const taking = await dialogOf(page);
    await own.choose('选择回执文件…', join(folder, '创建.yinxin-answer'));
    await taking.getByLabel('二十位数字').fill(read.replace(/\D/g, ''));
    await taking.locator('input[type="password"]').fill(HOST);
    await taking.getByRole('button', { name: '核对数字，加入名册' }).click();
    await page.locator('tbody tr', { hasText: NEWCOMER }).waitFor();
    await own.unlock(NEWCOMER, PASSPHRASE);
  } finally {
    await own.end();
  }
});

test('a key lies in a folder of its owner that was chosen, as on a stick', async () => {
  const stick = await mkdtemp(join(tmpdir(), 'yinxin-stick-'));
  const pulled = `${stick}-pulled`;
  const own = await desk({ keys: stick });
  const { page } = own;
  const looked = async (name, language = 'zh-CN') => nothingWrong(await look(own, name, { language, theme: 'light' }));
  const speak = (language) => own.ask('settings_save', { language, zoom: 100, theme: 'light' });
  try {
    await foundOffice(own);
    // What was named at the start is chosen; the usual one is chosen again, and then the stick.
    await own.show('/settings');
    const setting = page.locator('section', { hasText: '个人密钥文件夹' });
    await setting.getByText(stick).waitFor();
    await setting.getByRole('button', { name: '恢复默认' }).click();
    await setting.getByText('默认', { exact: true }).waitFor();
    assert.equal((await own.ask('key_folder')).chosen, false);
    await setting.scrollIntoViewIfNeeded();
    await looked('key-folder-usual');
    await setting.getByRole('button', { name: '更改…' }).click();
    const choosing = await dialogOf(page);
    await choosing.getByText(stick).click();
    await looked('key-folder-choose');
    await choosing.getByRole('button', { name: '使用这个文件夹' }).click();
    await choosing.waitFor({ state: 'hidden' });
    assert.deepEqual([(await own.ask('key_folder')).chosen, (await own.ask('key_folder')).folder], [true, stick]);

    // The key that is made for an invitation lies there.
    const invite = { person: null, name: NEWCOMER, post: null, roles: ['drafter'], days: 14 };
    const { file } = await own.ask('founding_invite', { invite, host_passphrase: HOST });
    await writeFile(join(folder, '自己.yinxin-invitation'), await own.fetched(file.token));
    await own.show('/people');
    await page.getByRole('button', { name: '我收到了邀请函…' }).click();
    const accepting = await dialogOf(page);
    await own.choose('选择邀请函文件…', join(folder, '自己.yinxin-invitation'));
    await accepting.getByText(stick).waitFor();
    const passphrases = accepting.locator('input[type="password"]');
    await passphrases.nth(0).fill(PASSPHRASE);
    await passphrases.nth(1).fill(PASSPHRASE);
    await looked('key-folder-accept');
    const download = page.waitForEvent('download');
    await accepting.getByRole('button', { name: '生成密钥和回执' }).click();
    await (await download).saveAs(join(folder, '自己.yinxin-answer'));
    await accepting.getByText('放在您选的个人密钥文件夹里').waitFor();
    const read = (await accepting.locator('.digits').innerText()).replace(/\D/g, '');
    await looked('key-folder-accepted');
    assert.equal((await readdir(stick)).length, 1);
    await own.show('/people');
    await page.getByRole('button', { name: '收回执…' }).click();
    const taking = await dialogOf(page);
    await own.choose('选择回执文件…', join(folder, '自己.yinxin-answer'));
    await taking.getByLabel('二十位数字').fill(read);
    await taking.locator('input[type="password"]').fill(HOST);
    await taking.getByRole('button', { name: '核对数字，加入名册' }).click();
    await page.locator('tbody tr', { hasText: NEWCOMER }).waitFor();

    // Without the stick it says so, and with it the key opens.
    await rename(stick, pulled);
    const unlocking = async (language) => {
      await speak(language);
      await own.show('/');
      await page.locator('main').getByRole('button', { name: NEWCOMER }).click();
      const dialog = await dialogOf(page);
      await dialog.getByText(stick).first().waitFor();
      return dialog;
    };
    for (const [language, action, gone] of [['en', 'Unlock', 'is not there now'], ['zh-CN', '解锁', '现在不在，可能是优盘没有插好']]) {
      const dialog = await unlocking(language);
      await dialog.locator('input[type="password"]').fill(PASSPHRASE);
      await dialog.getByRole('button', { name: action, exact: true }).click();
      await dialog.getByText(gone).last().waitFor();
      own.complaints.splice(0);
      await looked('key-folder-gone', language);
    }
    await rename(pulled, stick);
    await unlocking('en');
    await looked('key-folder-unlock', 'en');
    await own.show('/settings');
    const english = page.locator('section', { hasText: 'Folder for your own keys' });
    await english.scrollIntoViewIfNeeded();
    await looked('key-folder-chosen', 'en');
    await english.getByRole('button', { name: 'Change…' }).click();
    const asked = await dialogOf(page);
    await asked.getByText('Keys in it: 1').waitFor();
    await looked('key-folder-choose', 'en');
    const dialog = await unlocking('zh-CN');
    await looked('key-folder-unlock');
    await dialog.locator('input[type="password"]').fill(PASSPHRASE);
    await dialog.getByRole('button', { name: '解锁', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    assert.equal((await own.ask('hello')).session.name, NEWCOMER);
  } finally {
    await own.end();
    for (const place of [stick, pulled]) await rm(place, { recursive: true, force: true });
  }
});
