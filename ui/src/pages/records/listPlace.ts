/** Where the list was left, so that whoever comes back finds it there. */
import { office } from '@/api/desk';
import type { RouteLocationRaw } from 'vue-router';

/** Where a page of the list begins. */
export interface Place {
  after: string | null;
  from: number;
}

interface Left {
  office: string;
  query: Record<string, string>;
  before: Place[];
  opened: string | null;
}

let left: Left | null = null;

const here = () => (left && left.office === office.value?.id ? left : null);

export function leaveList(query: Record<string, string>, before: Place[], opened: string): void {
  left = office.value ? { office: office.value.id, query, before, opened } : null;
}

/** The list as it was left. */
export function listLocation(): RouteLocationRaw {
  const place = here();
  return place
    ? { name: 'records', query: place.query, state: { before: place.before.map((page) => ({ ...page })) } }
    : { name: 'records' };
}

/** The record that was opened from the list. */
export function lastOpened(): string | null {
  return here()?.opened ?? null;
}
