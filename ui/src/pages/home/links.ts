/** Where the desk leads; a page that is not there is no link. */
import type { RouteLocationRaw } from 'vue-router';
import type { StepView } from '@/api/types';
import { router } from '@/router';

function place(name: string, to: Omit<Extract<RouteLocationRaw, { name?: unknown }>, 'name'> = {}): RouteLocationRaw | null {
  return router.hasRoute(name) ? ({ name, ...to } as RouteLocationRaw) : null;
}

export const toApproval = (step: StepView) => place('approval', { query: { step } });
export const toAudit = () => place('audit');
export const toPeople = () => place('people');
export const toNewRecord = () => place('record-new');
export const toRecords = (state?: string) => place('records', { query: state ? { state } : {} });
export const toRecord = (id: string) => place('record', { params: { id } });
export const toForm = (id: string) => place('form', { params: { id } });
