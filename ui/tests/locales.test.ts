import { describe, expect, test } from 'vitest';
import en from '@/locales/en.json';
import zh from '@/locales/zh-CN.json';
import { tablesOf } from '@/texts/tables';
import { sources } from './sources';

/** Keys that are put together from a part that is known and one that is not: `t(`x.${y}`)`. */
const DYNAMIC: readonly string[] = ['verify.outcome.'];

/** What may stand in Latin letters in Chinese texts. */
const LATIN = new Set([
  'PDF',
  'Excel',
  'CSV',
  'xlsx',
  'csv',
  'yinxin',
  'Enter',
  'Esc',
  'Ctrl',
  'Shift',
  'n',
  'UTF',
  'A4',
  'Apache',
  'License',
]);

type Texts = { [key: string]: string | Texts };

function flat(texts: Texts, prefix = ''): Map<string, string> {
  const all = new Map<string, string>();
  for (const [name, value] of Object.entries(texts)) {
    const key = prefix + name;
    if (typeof value === 'string') all.set(key, value);
    else for (const [inner, text] of flat(value, `${key}.`)) all.set(inner, text);
  }
  return all;
}

const [inZh, inEn] = [flat(zh as Texts), flat(en as Texts)];
const own = [...inZh.keys()].filter((key) => !/^(errors|findings|words)\./.test(key));

const places = (text: string) => new Set(text.match(/\{[^}]*\}/g) ?? []);

function usedKeys(): Set<string> {
  const used = new Set<string>();
  for (const { text } of sources()) {
    for (const [, key] of text.matchAll(/\bt\(\s*['"]([^'"]+)['"]/g)) used.add(key!);
  }
  return used;
}

describe('the texts of the pages', () => {
  test('are there in both languages', () => {
    expect([...inEn.keys()].sort()).toEqual([...inZh.keys()].sort());
  });

  test('mention the same in both languages', () => {
    const different = [...inZh].filter(([key, text]) => {
      const [here, there] = [places(text), places(inEn.get(key) ?? '')];
      return here.size !== there.size || [...here].some((place) => !there.has(place));
    });
    expect(different.map(([key]) => key)).toEqual([]);
  });

  test('that are used exist', () => {
    expect([...usedKeys()].filter((key) => !inZh.has(key))).toEqual([]);
  });

  test('that exist are used', () => {
    const used = usedKeys();
    const idle = own.filter((key) => !used.has(key) && !DYNAMIC.some((prefix) => key.startsWith(prefix)));
    expect(idle).toEqual([]);
  });

  test('are put together only where that is listed', () => {
    const built = sources().flatMap(({ path, text }) =>
      [...text.matchAll(/\bt\(\s*(`[^`]*`|[^'"`)\s][^),]*)/g)].map(([, key]) => ({ path, key: key! })),
    );
    const unlisted = built.filter(
      ({ path, key }) => path !== 'i18n.ts' && !DYNAMIC.some((prefix) => key.startsWith(`\`${prefix}\${`)),
    );
    expect(unlisted).toEqual([]);
  });

  test('are Chinese in Chinese', () => {
    const foreign = [...inZh].flatMap(([key, text]) =>
      (text.replace(/\{[^}]*\}/g, '').match(/[A-Za-z][A-Za-z0-9]*/g) ?? [])
        .filter((latin) => !LATIN.has(latin))
        .map((latin) => `${key}: ${latin}`),
    );
    expect(foreign).toEqual([]);
  });

  test('neither shout nor flatter', () => {
    const loud = [...inZh, ...inEn].filter(([, text]) => /[!！]|亲|请稍候/.test(text));
    expect(loud.map(([key]) => key)).toEqual([]);
  });
});

/** Codes that only the command line can meet. */
const COMMAND_LINE_ONLY =
  /^(usage_|passphrase_file_|output_failed$|set_|no_checkpoint$|other_ledger$|inside_data_folder$|other_file_there$|evidence_cannot_unpack$|no_home$)/;

const COMMAND_LINE = /yinxin |--[a-z]|命令|口令文件|run audit|运行 audit|\bcommand\b|passphrase file/;

test.each(['zh-CN', 'en'] as const)('what pages say does not point at the command line: %s', (language) => {
  const { errors, problems, findings, damages, violations } = tablesOf(language);
  const all = Object.entries({ ...errors, ...problems, ...findings, ...damages, ...violations });
  const pointing = all.filter(([code, text]) => !COMMAND_LINE_ONLY.test(code) && COMMAND_LINE.test(JSON.stringify(text)));
  expect(pointing.map(([code]) => code)).toEqual([]);
});
