/** What people call a record: the first value that is no code, and the codes that identify it. */
import type { TemplateView } from '@/api/types';
import { clean } from '@/texts';

export interface RecordName {
  /** Empty while nothing is filled in. */
  name: string;
  code: string;
}

type Values = Readonly<Record<string, string | boolean | null>>;

export function recordName(values: Values, template: TemplateView | undefined): RecordName {
  const text = (key: string) => {
    const value = values[key];
    return typeof value === 'string' ? clean(value.trim()) : '';
  };
  const keys = template?.record_key ?? [];
  const others = (template?.fields ?? []).filter(({ key, kind }) => kind === 'string' && !keys.includes(key));
  const code = keys.map(text).filter(Boolean).join(' ');
  const name = others.slice(0, 1).map(({ key }) => text(key)).filter(Boolean)[0] ?? '';
  return name ? { name, code } : { name: code, code: '' };
}
