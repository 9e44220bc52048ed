/** Which sitting this window has last been told of; others may share the desk. */
let known: number | null = null;

export function sittingIs(sitting: number): void {
  known = sitting;
}

export const sitting = (): number | null => known;
