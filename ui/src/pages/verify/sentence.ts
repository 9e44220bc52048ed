/** The one sentence that a citizen understands, for a report. */
import { t } from '@/i18n';
import type { FindingView, ProvedView, VerifyReport } from '@/api/types';
import { clean, exactTime, findingText } from '@/texts';

function signer(proved: ProvedView, purpose: string) {
  const found = proved.signers.find((one) => one.purpose === purpose);
  return found?.name ? clean(found.name) : t('verify.nameWithheld');
}

function registered(proved: ProvedView): Record<string, string> {
  const approved = proved.signers.find(({ purpose }) => purpose === 'approve')?.time;
  return {
    office: clean(proved.office),
    drafter: signer(proved, 'draft'),
    reviewer: signer(proved, 'review'),
    approver: signer(proved, 'approve'),
    time: approved === undefined ? '' : exactTime(approved),
    version: String(proved.version),
  };
}

/** The version that has taken this one's place, as far as is known. */
function changedTo(report: VerifyReport): string {
  const later = report.findings.filter(({ code }) => code === 'finding_superseded');
  return later.at(-1)?.args.version ?? '';
}

function witnessed({ witnesses }: ProvedView): string {
  if (witnesses.length === 0) return '';
  return t('verify.witnessed', { n: witnesses.length, time: exactTime(Math.min(...witnesses.map(({ time }) => time))) });
}

/** As of when nothing is known against it, and what cannot be known here. */
export function asOf({ as_of: known }: ProvedView): string {
  const args = { size: known.size, time: exactTime(known.time ?? 0) };
  if (known.by === 'ledger') return t('verify.asOfLedger', args);
  if (known.by === 'claim') return t('verify.asOfClaim', args);
  return known.time === null ? t('verify.asOfCheckpoint', args) : t('verify.asOfWitnessed', args);
}

/** What says that the file cannot be read at all, if something does. */
export function unreadable(report: VerifyReport): FindingView | undefined {
  return report.findings.find(({ code }) => code === 'finding_not_evidence' || code === 'finding_file_unreadable');
}

/** What the verdict means, in sentences. */
export function sentences(report: VerifyReport): string[] {
  const { proved, verdict } = report;
  if (verdict === 'altered') return [t('verify.altered')];
  const no = unreadable(report);
  if (no) return [t('verify.unreadable', { why: findingText(no) })];
  if (!proved) return [t('verify.undetermined')];
  const args = { ...registered(proved), now: changedTo(report) };
  if (verdict === 'superseded') return [t('verify.superseded', args)];
  if (verdict === 'withdrawn') return [t('verify.withdrawn', args)];
  if (verdict === 'undetermined') return [t('verify.undeterminedClaims', args)];
  const isReviewed = proved.signers.some(({ purpose }) => purpose === 'review');
  const signed = isReviewed ? t('verify.genuineReviewed', args) : t('verify.genuine', args);
  return [signed, witnessed(proved), asOf(proved)].filter((text) => text !== '');
}
