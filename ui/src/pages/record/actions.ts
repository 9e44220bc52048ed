/** Why something cannot be done with a record now; null if it can. */
import { session } from '@/api/desk';
import type { RecordRow } from '@/api/types';
import { t } from '@/i18n';
import { roleMissing } from '../records/roles';

const waits = (row: RecordRow) => row.pending !== null && row.pending.returned === null;

export function whyNotChange(row: RecordRow): string | null {
  if (row.state === 'withdrawn') return t('record.isWithdrawn');
  if (waits(row)) return t('record.alreadyWaits');
  if (row.damaged) return t('record.damaged');
  return roleMissing('drafter');
}

export function whyNotWithdraw(row: RecordRow): string | null {
  if (row.state === 'withdrawn') return t('record.isWithdrawn');
  if (row.version === 0) return t('record.notRegistered');
  if (waits(row)) return t('record.alreadyWaits');
  return roleMissing('drafter');
}

export function whyNotErase(row: RecordRow): string | null {
  if (row.erased) return t('record.isErased');
  if (row.version === 0) return t('record.notRegistered');
  if (waits(row)) return t('record.alreadyWaits');
  return roleMissing('drafter');
}

export function whyNotTakeBack(row: RecordRow): string | null {
  if (!row.pending) return t('record.nothingWaits');
  if (session.value && session.value.name !== row.pending.drafter) {
    return t('record.notYours', { name: row.pending.drafter });
  }
  return roleMissing('drafter');
}

export function whyNotExport(row: RecordRow): string | null {
  return row.version === 0 ? t('record.notRegistered') : null;
}
