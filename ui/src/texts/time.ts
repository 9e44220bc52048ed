/** Times as people write them: 2026-11-22 10:42, in China's time (UTC+8), whatever this machine is set to. */
const EAST_EIGHT = 8 * 3_600;
const LAST = 253_402_300_799;

/** Seconds since 1970 as date and time; the number itself beyond the year 9999. */
export function exactTime(seconds: number): string {
  if (!Number.isSafeInteger(seconds) || seconds < 0 || seconds > LAST - EAST_EIGHT) return String(seconds);
  return new Date((seconds + EAST_EIGHT) * 1_000).toISOString().slice(0, 16).replace('T', ' ');
}
