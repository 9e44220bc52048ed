/** Whether the people of an office can register anything, and which roles go together. */
export const ROLES = ['drafter', 'reviewer', 'approver', 'system-admin', 'security-admin', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

const BUSINESS: readonly string[] = ['drafter', 'reviewer', 'approver'];

interface Person {
  readonly id: string;
  readonly roles: readonly string[];
}

export type Gap = 'drafter' | 'approver' | 'second';

/** What is missing: a drafter, an approver, or that they are two persons. */
export function gapOf(people: readonly Person[]): Gap | null {
  const having = (role: string) => people.filter(({ roles }) => roles.includes(role));
  const [drafters, approvers] = [having('drafter'), having('approver')];
  if (drafters.length === 0) return 'drafter';
  if (approvers.length === 0) return 'approver';
  const two = drafters.some((drafter) => approvers.some((approver) => approver.id !== drafter.id));
  return two ? null : 'second';
}

/** Whether a person with these roles may also hold that one (三员分立). */
export function goesWith(role: string, held: readonly string[]): boolean {
  return held.every((other) => other === role || (BUSINESS.includes(other) && BUSINESS.includes(role)));
}
