/** Taking back a submission without losing what it said. */
import { call } from '@/api/call';
import type { RecordRow } from '@/api/types';
import { typedText } from '../records/values';
import { ends } from '../records/acts';

const cellsOf = (row: RecordRow) =>
  Object.fromEntries(Object.entries(row.values).map(([key, value]) => [key, typedText(value)]));

/** Gives the form that holds what was submitted; null for the end of a record, which held none. */
export async function takeBack(row: RecordRow): Promise<string | null> {
  if (row.pending && ends(row.pending.act)) {
    await call('take_back', { id: row.id });
    return null;
  }
  return row.version === 0 ? takeBackNew(row) : takeBackChange(row);
}

/** The record goes with its only submission, so the form comes first. */
async function takeBackNew(row: RecordRow): Promise<string> {
  const form = await call('form_begin', { template: row.template, record: null });
  try {
    await call('form_save', { id: form.id, cells: cellsOf(row) });
    await call('take_back', { id: row.id });
  } catch (thrown) {
    await call('form_discard', { id: form.id }).catch(() => undefined);
    throw thrown;
  }
  return form.id;
}

/** A form that changes the record can begin only after nothing of it waits. */
async function takeBackChange(row: RecordRow): Promise<string> {
  await call('take_back', { id: row.id });
  const form = await call('form_begin', { template: row.template, record: row.id });
  await call('form_save', { id: form.id, cells: cellsOf(row) });
  return form.id;
}
