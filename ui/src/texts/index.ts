/** What failures, problems, findings and damages say. */
import type { Failure } from '@/api/types';
import { detail, fill, filled, type Args } from './fill';
import { isExactPattern, patternText } from './pattern';
import { tables, type ErrorText } from './tables';

export { capitalized, wordAlone } from './alone';
export { clean } from './clean';
export { entryNumber } from './entry';
export { fieldLabel, list, word } from './fill';
export { learnLabels } from './labels';
export { grouped } from './number';
export { dayBegins, dayEnds, dayOf, exactTime } from './time';
export type { ErrorText } from './tables';

/** What happened, what is safe, what to do next. A ledger rule's are its text and what holds for every refusal. */
export function errorText(failure: Pick<Failure, 'code' | 'args'>): ErrorText {
  const { code, args } = failure;
  const { errors, violations, problems, refusal } = tables();
  const text = errors[code] ?? { what: violations[code] ?? problems[code] ?? code, ...refusal };
  return {
    what: fill(text.what, args) + detail(args),
    safe: fill(text.safe, args),
    next: fill(text.next, args),
  };
}

/** What is wrong with a value, without saying which row and field. */
export function problemText(problem: { code: string; args: Args }): string {
  const { problems, errors } = tables();
  const form = problem.code === 'problem_pattern' ? patternText(problem.args.pattern ?? '') : null;
  if (form !== null) return form;
  // What is wrong with a sheet's header comes as problems of no row.
  const error = problems[problem.code] === undefined ? errors[problem.code] : undefined;
  return error ? fill(error.what, problem.args) : filled(problems, problem.code, problem.args);
}

/**
 * The problems without those that say the same again: `\d{12}` tells the length,
 * so that of the same value nothing need be said of its length.
 */
export function withoutRepeated<P extends { row: number; field: string | null; code: string; args: Args }>(all: readonly P[]): P[] {
  const place = ({ row, field }: P) => `${row} ${field}`;
  const exact = new Set(
    all.filter(({ code, args }) => code === 'problem_pattern' && isExactPattern(args.pattern ?? '')).map(place),
  );
  const ofLength = ({ code }: P) => code === 'problem_too_short' || code === 'problem_too_long';
  return all.filter((problem) => !(ofLength(problem) && exact.has(place(problem))));
}

/** What a finding of a check says; its text may name the check. */
export function findingText(finding: { check: string; code: string; args: Args }): string {
  return filled(tables().findings, finding.code, { ...finding.args, check: finding.check });
}

/** What a damage or violation that an audit found says. */
export function damageText(damage: { code: string; args: Args }): string {
  const { damages, violations } = tables();
  return filled(damages[damage.code] === undefined ? violations : damages, damage.code, damage.args);
}
