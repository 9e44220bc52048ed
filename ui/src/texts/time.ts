/** Times as people write them: 2026-11-22 10:42, in China's time (UTC+8), whatever this machine is set to. */
const EAST_EIGHT = 8 * 3_600;
const LAST = 253_402_300_799;

const DAY = 86_400;

/** The second in which a day begins that is written 2026-01-31; null if there is no such day. */
export function dayBegins(text: string): number | null {
  const day = text.trim();
  const milliseconds = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  // A day that is not in its month rolls over into the next one.
  if (Number.isNaN(milliseconds) || !new Date(milliseconds).toISOString().startsWith(day)) return null;
  const seconds = milliseconds / 1_000 - EAST_EIGHT;
  return seconds >= 0 ? seconds : null;
}

/** The last second of such a day. */
export function dayEnds(text: string): number | null {
  const begins = dayBegins(text);
  return begins === null ? null : begins + DAY - 1;
}

/** The day in which a second lies. */
export function dayOf(seconds: number): string {
  return exactTime(seconds).slice(0, 10);
}

/** Seconds since 1970 as date and time; the number itself beyond the year 9999. */
export function exactTime(seconds: number): string {
  if (!Number.isSafeInteger(seconds) || seconds < 0 || seconds > LAST - EAST_EIGHT) return String(seconds);
  return new Date((seconds + EAST_EIGHT) * 1_000).toISOString().slice(0, 16).replace('T', ' ');
}
