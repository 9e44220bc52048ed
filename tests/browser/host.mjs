// Starts the program on a folder, and browser windows that are let in.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';

export const BINARY = resolve(process.env.YINXIN_BINARY ?? '../../target/release/yinxin');
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The program on a folder, with a folder of somebody's own keys if one is named; the address that it gives lets one browser in. */
export async function start(folder, port = null, keys = null) {
  const where = [...(port === null ? [] : ['--port', String(port)]), ...(keys === null ? [] : ['--keys', keys])];
  const program = spawn(BINARY, ['serve', '--ui', '--json', '--data', folder, ...where], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(program, 'exit');
  const entry = await new Promise((resolve, reject) => {
    program.stdout.on('data', (text) => {
      const found = /"entry":"([^"]+)"/.exec(String(text));
      if (found) resolve(found[1]);
    });
    program.on('exit', (code) => reject(new Error(`the program ended with ${code}`)));
  });
  return {
    entry,
    port: Number(new URL(entry).port),
    pid: program.pid,
    /** Ends it, and waits until it has. */
    async end(signal = 'SIGTERM') {
      program.kill(signal);
      await ended;
    },
  };
}

/** A page of the program, let in by its entry unless the browser is known already. */
async function windowOf(context, origin, entry) {
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints = [];
  let [shown, asked] = [0, 0];
  page.on('console', (message) => message.type() === 'error' && complaints.push(`${message.text()} ${message.location().url}`));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', () => (asked += 1));
  page.on('requestfinished', () => (asked -= 1));
  page.on('requestfailed', () => (asked -= 1));
  await page.goto(entry ?? new URL('/', origin).href);
  await page.waitForURL((url) => url.pathname === '/');

  async function ask(command, request = {}) {
    return page.evaluate(
      async ([name, body]) => {
        const response = await fetch(`/api/${name}`, { method: 'POST', body: JSON.stringify(body) });
        return response.json();
      },
      [command, request],
    );
  }

  /** Until nothing is asked any more and nothing moves. */
  async function settled() {
    let quiet = 0;
    while (quiet < 2) {
      const moving = await page.evaluate(async () => {
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        return document.getAnimations().filter(({ playState }) => playState === 'running').length;
      });
      quiet = asked === 0 && moving === 0 ? quiet + 1 : 0;
    }
  }

  return {
    page,
    complaints,
    ask,
    settled,
    /** Waits for a job that a command began; gives how it ended. */
    async done(job) {
      for (let now = job; ; now = await ask('job', { id: job.id })) {
        if (now.state === 'done') return now.result;
        if (now.state !== 'running') throw new Error(JSON.stringify(now));
        await page.waitForTimeout(100);
      }
    },
    /** Shows a page anew, as whoever is unlocked. */
    async show(route) {
      // Another query loads the document anew, and with it who is unlocked.
      shown += 1;
      await page.goto(new URL(`/?${shown}#${route}`, origin).href);
      await page.locator('main, .page').first().waitFor();
      await settled();
    },
    /** Goes to another page of the same document. */
    async go(route) {
      await page.evaluate((hash) => (location.hash = hash), route);
      await settled();
    },
    /** A file that the program hands out. */
    async fetched(token) {
      const bytes = await page.evaluate(async (path) => [...new Uint8Array(await (await fetch(path)).arrayBuffer())], `/files/${token}`);
      return Buffer.from(bytes);
    },
    /** Chooses a file, as a button of the page asks for it. */
    async choose(button, file) {
      const chooser = page.waitForEvent('filechooser');
      await page.getByRole('button', { name: button }).click();
      await (await chooser).setFiles(file);
    },
    /** Unlocks past the page; `show` makes the page know. */
    async unlock(name, passphrase) {
      const answer = await ask('unlock', { name, passphrase });
      if (answer.name !== name) throw new Error(JSON.stringify(answer));
    },
    /** A second window beside this one. */
    beside: () => windowOf(context, origin),
  };
}

/** A browser without a program. */
export const browser = () => chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });

/** A browser of its own, let in by the program's address. */
async function browse(program) {
  const chrome = await browser();
  const context = await chrome.newContext({ viewport: { width: 1366, height: 768 }, acceptDownloads: true });
  const origin = new URL(program.entry).origin;
  const first = await windowOf(context, origin, program.entry);
  return {
    ...first,
    /** A window that the program, started anew at the same port, lets in. */
    reenter: (entry) => windowOf(context, origin, entry),
    close: () => chrome.close(),
  };
}

/** A desk where nothing is yet. */
export async function desk({ keys = null } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'yinxin-browser-'));
  let program = await start(folder, null, keys);
  const first = await browse(program);
  const others = [];
  return {
    ...first,
    folder,
    pid: () => program.pid,
    /** Ends the program as a power cut would. */
    cut: () => program.end('SIGKILL'),
    /** Starts it again where it was, and opens a new window. */
    async startAgain() {
      program = await start(folder, program.port);
      return first.reenter(program.entry);
    },
    /** Another program on the same folder, with a browser of its own. */
    async other() {
      const second = await start(folder);
      const window = await browse(second);
      others.push({ end: async () => (await window.close(), await second.end()) });
      return window;
    },
    async end() {
      for (const other of others) await other.end();
      await first.close();
      await program.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export const CIVIL_AFFAIRS = 'practice/civil-affairs';

/** A desk with the practice city, civil affairs open. */
export async function practice() {
  const made = await desk();
  await made.done(await made.ask('practice_build'));
  await made.ask('office_open', { id: CIVIL_AFFAIRS });
  return made;
}

/** The drafter and the approver of the practice office; their passphrases are public. */
export const DRAFTER = ['张三示例', 'practice-zhangsan'];
export const APPROVER = ['李四示例', 'practice-lisi'];
