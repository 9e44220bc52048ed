/** Whether an act ends a record, rather than saying something new of it. */
export function ends(act: string): boolean {
  return act === 'withdraw' || act === 'erase';
}
