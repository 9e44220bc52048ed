/** Entries as people count them: the first is the first, though its index is 0. */
import { grouped } from './number';

export function entryNumber(index: number): number {
  return index + 1;
}

/** The same for an index that comes as text; anything else is left as it is. */
export function entryNumberText(index: string): string {
  return /^\d+$/.test(index) ? grouped(String(BigInt(index) + 1n)) : index;
}
