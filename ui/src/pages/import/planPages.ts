/** Some rows of a plan at a time: a sheet may have a hundred thousand. */
import { onMounted } from 'vue';
import { usePages, type Pages } from '@/components/grid';
import type { PlanRows } from '@/api/types';

const PAGE = 100;

interface Answer<T> {
  rows: T[];
  total: number;
  next: number | null;
}

export function usePlanPages<T>(plan: number, ask: (request: PlanRows) => Promise<Answer<T>>): Pages<T> {
  const pages = usePages<T>(async (after) => {
    const { rows, total, next } = await ask({ plan, after: after === null ? null : Number(after), limit: PAGE });
    return { rows, total, next: next === null ? null : String(next) };
  });
  onMounted(pages.restart);
  return pages;
}
