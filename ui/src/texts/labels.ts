/** What people call the fields of templates. */
import { reactive } from 'vue';
import { choose } from '@/language';

export interface Labelled {
  key: string;
  label: { zh: string; en: string };
}

const labels = reactive(new Map<string, Labelled['label']>());

/** Remembers the labels of a template's fields. */
export function learnLabels(fields: readonly Labelled[]): void {
  for (const field of fields) labels.set(field.key, field.label);
}

export function learnedLabel(key: string): string | undefined {
  const label = labels.get(key);
  return label && choose(label.zh, label.en);
}
