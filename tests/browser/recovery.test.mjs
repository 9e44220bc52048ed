// The recovery sheet, as it is printed: the page is rendered to a picture, and the picture is read back.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { BINARY, browser, desk } from './host.mjs';
import { look, nothingWrong } from './look.mjs';
import { dialogOf, foundOffice, HOST } from './steps.mjs';

const NEW_HOST = '灯塔 麦浪 铜壶 湖心亭';

/** A4 at 96 dots an inch. */
const A4 = { width: 794, height: 1123 };

let folder;
let chrome;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yinxin-recovery-'));
  chrome = await browser();
  await writeFile(join(folder, 'host'), HOST);
  for (const [name, code] of [['D', '11420100MB0889006F'], ['other', '990000000000000021']]) {
    const office = ['--realm', 'shili', '--name', `武汉市示例局${name}`, '--code', code, '--passphrase-file', 'host'];
    await run('office', 'create', '--data', name, ...office);
    await run('keys', 'recovery', 'make', '--data', name, '--host-passphrase-file', 'host', '--out', `${name}.html`);
  }
});

after(async () => {
  await chrome?.close();
  await rm(folder, { recursive: true, force: true });
});

/** What a command says with --json, whether or not it failed. */
async function run(...command) {
  const told = await promisify(execFile)(BINARY, [...command, '--json'], { cwd: folder }).catch((failed) => failed);
  return JSON.parse(told.stdout);
}

/** The page as a picture, drawn by `draw` on a page of that many dots a pixel. */
async function pictured(html, name, dots = 2, draw = async () => {}) {
  const page = await chrome.newPage({ viewport: A4, deviceScaleFactor: dots });
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(pathToFileURL(join(folder, html)).href);
  await page.emulateMedia({ media: 'print' });
  await draw(page);
  await page.screenshot({ path: join(folder, name), ...(name.endsWith('.jpg') ? { type: 'jpeg', quality: 60 } : {}) });
  assert.equal(asked.length, 1, 'the page asks for nothing');
  await page.close();
}

const check = (picture) => run('keys', 'recovery', 'check', '--data', 'D', '--sheet', picture);
const state = async () => (await run('people', 'list', '--data', 'D')).recovery;

test('what is no photo of this sheet is refused, and the sheet stays unread', async () => {
  await pictured('other.html', 'other.png');
  await pictured('D.html', 'covered.png', 2, (page) => page.evaluate(() => document.querySelector('svg').remove()));
  for (const [picture, code] of [['other.png', 'recovery_other_office'], ['covered.png', 'recovery_no_qr_code'], ['D.html', 'recovery_not_a_picture']]) {
    assert.equal((await check(picture)).errors[0].code, code);
  }
  assert.equal(await state(), 'made');
});

test('the rendered page is read back', async () => {
  await pictured('D.html', 'sheet.png');
  assert.deepEqual(await check('sheet.png'), { recovery: 'checked' });
  assert.equal(await state(), 'checked');
});

test('a small, dim, slanting photo is read back, too', async () => {
  const slant = async (page) => {
    await page.evaluate(() => {
      document.documentElement.style.background = '#998';
      document.body.style.cssText += 'transform: rotate(7deg) scale(0.8); filter: contrast(0.6) blur(0.4px); background: #ddd; font-family: serif';
    });
  };
  await pictured('D.html', 'slant.jpg', 2, slant);
  assert.deepEqual(await check('slant.jpg'), { recovery: 'checked' });
});

test('the printed code, typed, is the same, and the sheet sets a new passphrase', async () => {
  const page = await chrome.newPage();
  await page.goto(pathToFileURL(join(folder, 'D.html')).href);
  const groups = await page.locator('ol b').allTextContents();
  await page.close();
  assert.equal(groups.length, 7);
  await writeFile(join(folder, 'code'), groups.join(' '));
  assert.deepEqual(await run('keys', 'recovery', 'check', '--data', 'D', '--code-file', 'code'), { recovery: 'checked' });
  const wrong = [...groups];
  wrong[4] = [...wrong[4]].reverse().join('');
  await writeFile(join(folder, 'wrong'), wrong.join(' '));
  const refused = (await run('keys', 'recovery', 'check', '--data', 'D', '--code-file', 'wrong')).errors[0];
  assert.deepEqual([refused.code, refused.args.group], ['recovery_code_group', '5']);
  await writeFile(join(folder, 'new'), '黄鹤在渡口看了三场雪');
  await run('keys', 'recovery', 'use', '--data', 'D', '--sheet', 'sheet.png', '--new-passphrase-file', 'new');
  const unattended = (passphrase) => run('keys', 'unattended', 'on', '--data', 'D', '--host-passphrase-file', passphrase);
  assert.equal((await unattended('host')).errors[0].code, 'wrong_passphrase');
  assert.equal((await unattended('new')).unattended, true);
});

test('all of it stands on one sheet of paper, however long the name is', async () => {
  const page = await chrome.newPage();
  await page.goto(pathToFileURL(join(folder, 'D.html')).href);
  await page.evaluate(() => (document.querySelector('dd strong').textContent = '武汉市示例局'.repeat(16)));
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  assert.equal(pdf.match(/\/Type\s*\/Page\b/g).length, 1);
  await page.close();
});

test('the page has no script and leads nowhere', async () => {
  const page = await readFile(join(folder, 'D.html'), 'utf8');
  assert.ok(!/<script|javascript:|<img|<link/i.test(page));
});

test('in the window the printed code sets a new host passphrase', async () => {
  const own = await desk();
  try {
    await foundOffice(own);
    const { token } = await own.ask('recovery_make', { host_passphrase: HOST });
    const groups = String(await own.fetched(token)).split('<b>').slice(1).map((rest) => rest.slice(0, 5));
    const { page } = own;
    await own.show('/people');
    await page.getByRole('button', { name: '主机口令丢失…' }).click();
    const dialog = await dialogOf(page);
    const passphrases = dialog.locator('input[type="password"]');
    await dialog.getByLabel('或逐组输入恢复码').fill(groups.join(' '));
    await passphrases.nth(0).fill(NEW_HOST);
    await passphrases.nth(1).fill(NEW_HOST);
    nothingWrong(await look(own, 'host-lost', { language: 'zh-CN', theme: 'light' }));
    await dialog.getByRole('button', { name: '设定新口令' }).click();
    await page.getByText('新的主机口令已设定').waitFor();
    assert.equal((await own.ask('recovery_make', { host_passphrase: HOST })).code, 'wrong_passphrase');
    assert.ok((await own.ask('recovery_make', { host_passphrase: NEW_HOST })).token);
  } finally {
    await own.end();
  }
});
