/** The time of day as people write it, 10:42:07, in China's time (UTC+8). */
export function timeOfDay(seconds: number): string {
  const date = new Date((seconds + 8 * 3_600) * 1_000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString().slice(11, 19);
}
