import { describe, expect, test } from 'vitest';
import { clockTrouble, EARLIEST } from '@/pages/home/clock';
import { recordName } from '@/pages/home/naming';
import { gapOf, goesWith } from '@/pages/people/roster';
import { isPracticeRealm, isRealm } from '@/pages/start/founding';
import { plainUscc, usccProblem } from '@/pages/start/uscc';
import type { TemplateView } from '@/api/types';

describe('the code of an office', () => {
  test('is taken as it is printed', () => {
    expect(plainUscc(' 91350100m０００1002y4-3 ')).toBe('91350100M0001002Y43');
    expect(usccProblem('91350100M000100Y43')).toBeNull();
    expect(usccProblem('990000000000000021')).toBeNull();
    expect(usccProblem('99000000000000001X')).toBeNull();
  });

  test('says what is wrong and where', () => {
    expect(usccProblem('91350100M000100Y44')).toEqual({ kind: 'check' });
    expect(usccProblem('91350100M00010OY43')).toEqual({ kind: 'character', at: 15, character: 'O' });
    expect(usccProblem('9135A100M000100Y43')).toEqual({ kind: 'region', at: 5, character: 'A' });
    expect(usccProblem('9135')).toEqual({ kind: 'length', found: 4 });
    expect(usccProblem('91350100M000100Y430')).toEqual({ kind: 'length', found: 19 });
  });
});

test('realms are those that the program takes, and not those of practice', () => {
  expect(['wuhan', 'hubei.wuhan', 'a-1'].every(isRealm)).toBe(true);
  expect(['', 'Wuhan', '武汉', 'wu han', 'a'.repeat(101)].some(isRealm)).toBe(false);
  expect(['practice', 'practice.a', 'practices'].map(isPracticeRealm)).toEqual([true, true, false]);
});

describe('people', () => {
  const person = (id: string, ...roles: string[]) => ({ id, roles });

  test('are enough when one can approve what another drafted', () => {
    expect(gapOf([])).toBe('drafter');
    expect(gapOf([person('a', 'auditor')])).toBe('drafter');
    expect(gapOf([person('a', 'drafter')])).toBe('approver');
    expect(gapOf([person('a', 'drafter', 'approver')])).toBe('second');
    expect(gapOf([person('a', 'drafter', 'approver'), person('b', 'drafter')])).toBeNull();
    expect(gapOf([person('a', 'drafter'), person('b', 'approver')])).toBeNull();
  });

  test('hold only roles that go together', () => {
    expect(goesWith('approver', ['drafter', 'approver'])).toBe(true);
    expect(goesWith('auditor', ['drafter'])).toBe(false);
    expect(goesWith('auditor', ['system-admin'])).toBe(false);
    expect(goesWith('auditor', ['auditor'])).toBe(true);
    expect(goesWith('drafter', ['auditor'])).toBe(false);
  });
});

test('a clock is wrong far behind the latest signature, or before anything could be signed', () => {
  const now = EARLIEST + 1_000;
  expect(clockTrouble({ now, latest_signed: null })).toBeNull();
  expect(clockTrouble({ now, latest_signed: now + 300 })).toBeNull();
  expect(clockTrouble({ now, latest_signed: now + 301 })).toBe('behind');
  expect(clockTrouble({ now: EARLIEST - 1, latest_signed: null })).toBe('unset');
});

test('a record is called by its first value that is no code', () => {
  const field = (key: string) => ({ key, kind: 'string' });
  const template = { record_key: ['code'], fields: [field('code'), field('village'), field('town')] } as TemplateView;
  expect(recordName({ code: '42', village: '甲社区', town: '乙街道' }, template)).toEqual({ name: '甲社区', code: '42' });
  expect(recordName({ code: '42', village: ' ' }, template)).toEqual({ name: '42', code: '' });
  expect(recordName({}, template)).toEqual({ name: '', code: '' });
  expect(recordName({ village: '甲\u202e' }, undefined)).toEqual({ name: '', code: '' });
});
