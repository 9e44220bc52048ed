// Starts the program on a fresh folder, and a browser that is let in.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const BINARY = process.env.YINXIN_BINARY ?? '../../target/release/yinxin';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A desk with the practice city, civil affairs open. */
export async function practice() {
  const folder = await mkdtemp(join(tmpdir(), 'yinxin-browser-'));
  const program = spawn(BINARY, ['serve', '--ui', '--json', '--data', folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const entry = await new Promise((resolve, reject) => {
    program.stdout.on('data', (text) => {
      const found = /"entry":"([^"]+)"/.exec(String(text));
      if (found) resolve(found[1]);
    });
    program.on('exit', (code) => reject(new Error(`the program ended with ${code}`)));
  });
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, acceptDownloads: true });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints = [];
  let shown = 0;
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(entry);
  await page.waitForURL((url) => url.pathname === '/');

  const ask = (command, request = {}) =>
    page.evaluate(
      async ([name, body]) => {
        const response = await fetch(`/api/${name}`, { method: 'POST', body: JSON.stringify(body) });
        return response.json();
      },
      [command, request],
    );
  const { id } = await ask('practice_build');
  for (;;) {
    const job = await ask('job', { id });
    if (job.state === 'done') break;
    if (job.state !== 'running') throw new Error(JSON.stringify(job));
    await page.waitForTimeout(200);
  }
  await ask('office_open', { id: 'practice/civil-affairs' });

  return {
    page,
    ask,
    complaints,
    /** Shows a page anew, as whoever is unlocked. */
    async show(route) {
      // Another query loads the document anew, and with it who is unlocked.
      shown += 1;
      await page.goto(new URL(`/?${shown}#${route}`, entry).href);
      await page.locator('main, .page').first().waitFor();
    },
    /** A file that the program hands out. */
    async fetched(token) {
      const response = await context.request.get(new URL(`/files/${token}`, entry).href);
      return response.body();
    },
    async unlock(name, passphrase) {
      await ask('unlock', { name, passphrase });
    },
    async end() {
      await browser.close();
      program.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
