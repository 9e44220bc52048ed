/** What waits to be confirmed, in steps: what was proposed together is one. */
import type { ChangeView } from '@/api/types';

export interface Step {
  readonly key: string;
  readonly changes: readonly ChangeView[];
}

export function stepsOf(changes: readonly ChangeView[]): Step[] {
  const steps = new Map<string, ChangeView[]>();
  for (const change of changes) {
    const key = change.together ?? change.draft;
    steps.set(key, [...(steps.get(key) ?? []), change]);
  }
  return [...steps].map(([key, of]) => ({ key, changes: of }));
}
