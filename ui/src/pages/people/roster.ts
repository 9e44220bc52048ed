/** Whether the people of an office can register anything, and which roles go together. */
const BUSINESS = ['drafter', 'reviewer', 'approver', 'data-admin', 'secrecy-reviewer'] as const;
const OFFICERS = ['system-admin', 'security-admin', 'auditor'] as const;
export const ROLES = [...BUSINESS, ...OFFICERS] as const;
export type Role = (typeof ROLES)[number];

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

/** Whether nobody could change people once the founding key admits nobody any more. */
export function lacksAdmins(people: readonly Person[]): boolean {
  return !['system-admin', 'security-admin'].every((role) => people.some(({ roles }) => roles.includes(role)));
}

/** Whether a person with these roles may also hold that one (三员分立). */
export function goesWith(role: string, held: readonly string[]): boolean {
  const isBusiness = (one: string) => BUSINESS.some((known) => known === one);
  return held.every((other) => other === role || (isBusiness(other) && isBusiness(role)));
}

/** Whether a person with these roles may act as approver for somebody who is away. */
export function mayAct(roles: readonly string[]): boolean {
  return !roles.includes('approver') && roles.some((role) => BUSINESS.some((known) => known === role));
}

/** Whether somebody else is called so. */
export function isNameTaken(name: string, others: readonly { readonly name: string }[]): boolean {
  return others.some((other) => other.name === name.trim());
}
