import { beforeEach, describe, expect, test } from 'vitest';
import { t } from '@/i18n';
import { chooseLanguage } from '@/language';
import { clean, damageText, entryNumber, errorText, exactTime, fieldLabel, findingText, grouped, learnLabels, problemText, withoutRepeated, word, wordAlone } from '@/texts';
import { fill } from '@/texts/fill';

beforeEach(() => {
  chooseLanguage('zh-CN');
  learnLabels([
    { key: 'village', label: { zh: '社区（村）名称', en: 'Community' } },
    { key: 'town', label: { zh: '街道（乡镇）名称', en: 'Subdistrict' } },
  ]);
});

describe('places', () => {
  test('are filled as the command line does', () => {
    const args = { n: '3520', field: 'village', zh: '甲', en: 'A' };
    expect(fill('{n} {field} {own} {other} {', args)).toBe('3,520 社区（村）名称 甲 other {');
    expect(fill('{value}', { value: '4201' })).toBe('4201');
    expect(fill('{time}', { time: '0' })).toBe('1970-01-01 08:00');
    expect(fill('{fields}', { fields: 'village, town' })).toBe('社区（村）名称、街道（乡镇）名称');
    expect(fill('{check}：{needs}', { check: 'proof', needs: 'roster' })).toBe('证明：名册');
    expect(fill('{violation}', { violation: 'violation_taken' })).toBe('编号或密钥已被占用');
    expect(fill('{role}', { role: 'approver' })).toBe('审批人');
  });

  test('are not filled again', () => {
    expect(fill('{n}', { n: '{n}' })).toBe('{n}');
    expect(fill('{a}{b}', { a: '{b}', b: '$&' })).toBe('{b}$&');
  });

  test('know nothing of what every object has', () => {
    expect(fill('{constructor} {toString}', {})).toBe('constructor toString');
    expect(word('role', 'constructor')).toBe('constructor');
    expect(word('__proto__', 'x')).toBe('x');
  });

  test('follow the language', () => {
    chooseLanguage('en');
    expect(fill('{field} {own} {role}', { field: 'village', zh: '甲', en: 'A', role: 'drafter' })).toMatch(/^Community A /);
    expect(fieldLabel('village')).toBe('Community');
    expect(fill('{fields}', { fields: 'village, town' })).toBe('Community, Subdistrict');
  });
});

test('numbers are grouped', () => {
  const all = ['0', '999', '1000', '3520', '1234567', '-1000', '2026-01-01'].map(grouped);
  expect(all).toEqual(['0', '999', '1,000', '3,520', '1,234,567', '-1000', '2026-01-01']);
});

test('entries count from 1', () => {
  expect(entryNumber(0)).toBe(1);
  expect(fill('{position}', { position: '3519' })).toBe('3,520');
  expect(fill('{position}', { position: '甲' })).toBe('甲');
});

test('words that stand alone begin with a capital', () => {
  expect([wordAlone('role', 'system-admin'), wordAlone('state', 'submitted')]).toEqual(['系统管理员', '待审批']);
  chooseLanguage('en');
  expect([wordAlone('role', 'system-admin'), wordAlone('state', 'submitted')]).toEqual(['System admin', 'Awaits approval']);
});

const form = (pattern: string) => problemText({ code: 'problem_pattern', args: { pattern } });

test.each([
  ['\\d{12}', '格式不符，应为 12 位数字', 'must be 12 digits'],
  ['^[0-9]{1}$', '格式不符，应为 1 位数字', 'must be 1 digit'],
  ['\\d{4,6}', '格式不符，应为 4 至 6 位数字', 'must be 4 to 6 digits'],
  ['[A-Z]\\d+', '格式不符，应为 1 位大写字母，接至少 1 位数字', 'must be 1 capital, then at least 1 digit'],
  ['[A-Z0-9]{18}', '格式不符，应为 18 位大写字母或数字', 'must be 18 capitals or digits'],
  ['[a-z]{2,}', '格式不符，应为至少 2 位小写字母', 'must be at least 2 small letters'],
])('a plain pattern is told in words: %s', (pattern, zh, en) => {
  expect(form(pattern)).toBe(zh);
  chooseLanguage('en');
  expect(form(pattern)).toBe(en);
});

test.each(['', '\\d{12}|x', '(a)+', '\\d{1}\\d{2}\\d{3}\\d{4}', '\\d*', '[^0-9]{2}', '\\d{', '.{3}'])('any other pattern stays as it is: %s', (pattern) => {
  expect(form(pattern)).toBe(`格式不符（${pattern}）`);
});

test('what a screen would obey is shown instead', () => {
  expect(clean('a\u001b[31mb\n\u202ec 社')).toBe('a\ufffd[31mb\ufffd\ufffdc 社');
});

test('times are those of China, wherever the machine is', () => {
  expect(exactTime(951_753_600)).toBe('2000-02-29 00:00');
  expect(exactTime(1_700_000_000)).toBe('2023-11-15 06:13');
  expect(exactTime(253_402_271_999)).toBe('9999-12-31 23:59');
  expect(exactTime(253_402_272_000)).toBe('253402272000');
});

describe('texts', () => {
  test('of errors have three parts', () => {
    const text = errorText({ code: 'bad_name', args: { text: '甲\u0007' } });
    expect(text.what).toBe('“甲\ufffd”不能作名称。');
    expect(text.safe).not.toBe('');
    expect(text.next).not.toBe('');
  });

  test('of refusals are those of the rule', () => {
    const text = errorText({ code: 'violation_withdrawn', args: {} });
    expect(text.what).toBe('所针对的记录已撤销');
    expect(text.safe).toBe('这一项没有登记，账本没有改动。');
  });

  test('of codes that nobody knows are the codes', () => {
    expect(errorText({ code: 'never_heard_of', args: {} }).what).toBe('never_heard_of');
  });

  test('say what the system said', () => {
    expect(errorText({ code: 'backend_gone', args: { detail: 'x' } }).what).toMatch(/（x）$/);
    expect(problemText({ code: 'problem_too_long', args: { found: '1200', max: '100' } })).toBe('有 1,200 个字，最多 100 个');
    expect(findingText({ check: 'proof', code: 'finding_not_checked', args: { needs: 'roster' } })).toBe(
      '没有核对证明：名册缺失或读不出来',
    );
    expect(damageText({ code: 'damage_chain', args: {} })).toBe('链值与前一条接不上');
    expect(damageText({ code: 'violation_taken', args: {} })).toBe('编号或密钥已被占用');
  });

  test('of pages group numbers and clean what comes from outside', () => {
    expect(t('grid.range', { from: 1, to: 50, total: 3520 })).toBe('第 1–50 条，共 3,520 条');
    expect(t('grid.selectRow', { row: '@{x}|\u202e' })).toBe('选择 @{x}|\ufffd');
    chooseLanguage('en');
    expect(t('time.minutes', { n: 1 })).toBe('1 minute ago');
    expect(t('time.minutes', { n: 2 })).toBe('2 minutes ago');
  });
});

describe('problems of one value', () => {
  const problem = (code: string, args: Record<string, string> = {}, row = 1, field = 'village') => ({ code, args, row, field });
  const codes = (all: ReturnType<typeof problem>[]) => withoutRepeated(all).map(({ code, row }) => `${code} ${row}`);

  test('are told once where the form says the length', () => {
    const twelve = problem('problem_pattern', { pattern: '\\d{12}' });
    expect(codes([problem('problem_too_short'), twelve])).toEqual(['problem_pattern 1']);
    expect(codes([twelve, problem('problem_too_long'), problem('problem_too_short', {}, 2)])).toEqual(['problem_pattern 1', 'problem_too_short 2']);
    expect(codes([twelve, problem('problem_too_short', {}, 1, 'town')])).toHaveLength(2);
  });

  test('are all told where they differ', () => {
    for (const pattern of ['\\d{4,6}', '\\d+', '(a)+']) {
      expect(codes([problem('problem_too_short'), problem('problem_pattern', { pattern })])).toHaveLength(2);
    }
  });
});
