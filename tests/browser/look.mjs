// What every page must be, however it is shown.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

const PICTURES = process.env.YINXIN_SCREENSHOTS;
const AXE = await readFile(new URL('./node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

export const SIZES = [
  [1366, 768],
  [1920, 1080],
];

/** Latin words that stand in a Chinese page: names of formats, keys, languages, the licence, and the example of a realm. */
const LATIN = new Set(['wuhan', 'CSV', 'Excel', 'PDF', 'UTF', 'GB', 'yinxin', 'Ctrl', 'Enter', 'Esc', 'English', 'Apache', 'License']);

/** All that can be read on the page, also by those who hear it. */
function readable() {
  const attributes = ['placeholder', 'title', 'aria-label', 'alt'];
  const seen = [...document.body.querySelectorAll('*')].filter((element) => element.getClientRects().length > 0);
  // What an element is labelled by counts, not the label beside it.
  const read = (element, name) => (name === 'aria-label' && element.hasAttribute('aria-labelledby') ? '' : (element.getAttribute(name) ?? ''));
  const spoken = seen.flatMap((element) => attributes.map((name) => read(element, name)));
  return [document.body.innerText, ...spoken].join('\n');
}

/** Latin words of a Chinese page that are neither allowed nor part of a name, a code or a path. */
function strayLatin(text) {
  // Codes of failures and the public passphrases of practice are the same in every language.
  const parts = text.replace(/代码 \w+|practice-[a-z]+/g, '').split(/[\s\u3000-\u303f\u3400-\u9fff\uff00-\uffef“”‘’·…]+/u);
  const words = parts.filter((part) => /[A-Za-z]{2}/.test(part) && !/[0-9_/.]|^[a-f]+$/.test(part));
  return [...new Set(words)].filter((word) => !LATIN.has(word.replace(/[^A-Za-z]/g, '')));
}

/** What would have to be scrolled sideways: the document, or a part of it. Rows of a sheet have as many columns as the sheet. */
function cutOff() {
  const scrolls = (element) =>
    element === document.documentElement || (/auto|scroll/.test(getComputedStyle(element).overflowX) && !element.matches('.import .frame'));
  const wide = [...document.querySelectorAll('*')].filter((element) => element.scrollWidth > element.clientWidth + 1 && scrolls(element));
  return wide.filter((element) => element.getClientRects().length > 0).map(({ tagName, className }) => `${tagName.toLowerCase()}.${className}`);
}

/** In its frame a page scrolls, never the window with it. */
function scrollsAway() {
  const { scrollHeight, clientHeight } = document.documentElement;
  return document.querySelector('#content') !== null && scrollHeight > clientHeight + 1;
}

/** Serious findings of axe, run in a world of its own so that the page's policy needs no exception. */
async function axeFindings(page) {
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send('Page.getFrameTree');
  const { executionContextId } = await session.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id });
  const run = (expression) =>
    session.send('Runtime.evaluate', { contextId: executionContextId, expression, awaitPromise: true, returnByValue: true });
  await run(AXE);
  const { result } = await run(
    "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations.filter(({ impact }) => ['serious', 'critical'].includes(impact)).map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.html.slice(0, 160)).join(' | ')))",
  );
  await session.detach();
  return result.value;
}

/**
 * Looks at the page that is shown, in both sizes. What is wrong is gathered, so
 * that one run tells of everything.
 */
export async function look({ page, settled, complaints }, name, { language, theme, practice = false, data = true }) {
  const wrong = [];
  const at = `${name} ${language} ${theme}`;
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    await settled();
    wrong.push(...(await page.evaluate(cutOff)).map((what) => `${at}: ${what} is wider than its place at ${width}`));
    if (await page.evaluate(scrollsAway)) wrong.push(`${at}: the window scrolls with its frame at ${height}`);
    if (PICTURES) await page.screenshot({ path: `${PICTURES}/${name}-${language}-${theme}-${width}.png` });
  }
  const [width, height] = SIZES[0];
  await page.setViewportSize({ width, height });
  // What the pointer rests on looks different.
  await page.mouse.move(0, 0);
  await settled();
  const text = await page.evaluate(readable);
  if (language === 'zh-CN') wrong.push(...strayLatin(text).map((word) => `${at}: ${word}`));
  if (practice && !(await page.locator('header .practice').isVisible())) wrong.push(`${at}: nothing says that it is practice`);
  if (language === 'en' && !data) wrong.push(...(text.match(/[\u4e00-\u9fff]+/g) ?? []).filter((han) => !HAN.has(han)).map((han) => `${at}: ${han}`));
  // Names are judged in both languages, colours in both themes; that is three of four.
  const judged = language === 'zh-CN' || theme === 'light';
  if (judged) wrong.push(...(await axeFindings(page)).map((finding) => `${at}: ${finding}`));
  wrong.push(...complaints.splice(0).map((complaint) => `${at}: ${complaint}`));
  return wrong;
}

/** Chinese that stands in an English page where there is no data: names, and words of the trade. */
const HAN = new Set(['印', '印信', '中文', '武汉市民政局', '密评', '示例局', '示例经办', '示例审批']);

/** Fails with everything that was found. */
export function nothingWrong(wrong) {
  assert.deepEqual([...new Set(wrong)], []);
}
