/** Asking for a passphrase, once a sitting, from wherever something needs it. */
import { readonly, ref } from 'vue';
import { session } from '@/api/desk';

const asked = ref<{ role: string | null } | null>(null);
let answers: ((unlocked: boolean) => void)[] = [];

/** What the dialog is asked for; null while it is closed. */
export const unlockAsked = readonly(asked);

/**
 * Opens the dialog and waits; gives whether somebody is unlocked. With a role
 * (`drafter`, `approver`) only people who hold it are offered.
 */
export function askUnlock(role: string | null = null): Promise<boolean> {
  asked.value = { role };
  return new Promise((resolve) => answers.push(resolve));
}

/** The same, but asks only if nobody with that role is unlocked. */
export async function ensureUnlocked(role: string | null = null): Promise<boolean> {
  const person = session.value;
  if (person && (role === null || person.roles.includes(role))) return true;
  return askUnlock(role);
}

export function unlockEnded(unlocked: boolean): void {
  asked.value = null;
  for (const answer of answers) answer(unlocked);
  answers = [];
}
