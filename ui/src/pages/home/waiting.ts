/** What whoever sits at the desk has submitted and waits for somebody else. */
import { call } from '@/api/call';
import type { RecordRow } from '@/api/types';

/** As many as are looked through. */
export const LOOKED_AT = 500;

export interface Mine {
  rows: RecordRow[];
  /** Whether more wait than were looked through, so that some of mine may be missing. */
  more: boolean;
}

export async function submittedBy(name: string): Promise<Mine> {
  const page = await call('records', { text: null, state: 'submitted', after: null, limit: LOOKED_AT });
  return {
    rows: page.records.filter(({ pending }) => pending?.drafter === name && !pending.returned),
    more: page.next !== null,
  };
}
