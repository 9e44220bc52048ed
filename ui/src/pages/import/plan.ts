/** What a plan would submit, and what is wrong with its rows in words. */
import type { PlanView, ProblemView } from '@/api/types';
import { t } from '@/i18n';
import { fieldLabel, list, problemText } from '@/texts';

export function submittable(plan: PlanView, amend: boolean): number {
  return plan.new + (amend ? plan.amendable : 0);
}

/** Rows that are there already with the same values. */
export function same(plan: PlanView): number {
  return plan.present - plan.withdrawn;
}

/** A problem with the field that it is about. */
export function problemLine(problem: Pick<ProblemView, 'field' | 'code' | 'args'>): string {
  const text = problemText(problem);
  return problem.field ? `${fieldLabel(problem.field)}${t('error.colon')}${text}` : text;
}

/** Every row's problems in words, for the sheet that goes back. */
export function notes(problems: readonly ProblemView[]): Record<number, string> {
  const byRow = new Map<number, string[]>();
  for (const problem of problems) byRow.set(problem.row, [...(byRow.get(problem.row) ?? []), problemLine(problem)]);
  return Object.fromEntries([...byRow].map(([row, lines]) => [row, list(lines)]));
}
