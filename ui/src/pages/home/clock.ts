/** Whether this machine's clock can be right. */
import type { Overview } from '@/api/types';

/** Clocks of two machines differ by some minutes. */
const APART = 5 * 60;
/** 2024-01-01 in China: before that, there was nothing that could have set this clock. */
export const EARLIEST = 1_704_038_400;

export type ClockTrouble = 'unset' | 'behind';

export function clockTrouble({ now, latest_signed }: Pick<Overview, 'now' | 'latest_signed'>): ClockTrouble | null {
  if (now < EARLIEST) return 'unset';
  return latest_signed !== null && now < latest_signed - APART ? 'behind' : null;
}
