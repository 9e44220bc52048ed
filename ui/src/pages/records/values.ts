/** Values of records as people read them. */
import { templates } from '@/api/desk';
import type { FieldView, ShownValue, TemplateView } from '@/api/types';
import { choose } from '@/language';
import { clean, wordAlone } from '@/texts';

type Values = Readonly<Record<string, ShownValue>>;

/** What a record is called by: its registered values, or those of its first draft. */
export function standing(row: { values: Values; in_force: Values }): Values {
  return Object.keys(row.in_force).length > 0 ? row.in_force : row.values;
}

export function templateNamed(name: string): TemplateView | undefined {
  return templates.value.find((template) => template.name === name);
}

export function templateLabel(name: string): string {
  const template = templateNamed(name);
  return template ? choose(template.label.zh, template.label.en) : clean(name);
}

/** Keeps lines, and the joiners that some emoji and scripts are made of. */
export function visible(text: string): string {
  return text
    .split(/([\n\u200c\u200d])/)
    .map((part, index) => (index % 2 === 1 ? part : clean(part)))
    .join('');
}

/** A value in words; nothing for an empty one. */
export function shownText(value: ShownValue | undefined): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'boolean' ? wordAlone('bool', String(value)) : visible(value);
}

/** A value as it is typed into a form. */
export function typedText(value: ShownValue | undefined): string {
  return value === null || value === undefined ? '' : String(value);
}

/** The beginning of a long text. */
export function beginning(text: string, length: number): string {
  const characters = [...text.slice(0, length * 2 + 2)];
  return characters.length > length ? `${characters.slice(0, length).join('')}…` : text;
}

const isName = (field: FieldView) => field.kind === 'string' && !field.long && !field.one_of;

/** The field that a record is called by: the first open one that is no code. */
function namingField(template: TemplateView): FieldView | undefined {
  const names = template.fields.filter((field) => isName(field) && !template.record_key.includes(field.key));
  return names.find((field) => field.open) ?? names[0] ?? template.fields[0];
}

/** What a record is called. */
export function recordName(values: Values, template: TemplateView | undefined, length = 60): string {
  const keys = template ? [namingField(template)?.key ?? '', ...template.record_key] : [];
  const found = keys.map((key) => shownText(values[key])).find((text) => text !== '');
  return beginning((found ?? '').replace(/\s+/g, ' '), length);
}

/** Short codes tell little in a list; names, dates and numbers do. */
const tells = (field: FieldView) =>
  !field.long && !field.one_of && field.class !== 'S' && (field.kind !== 'string' || (field.max_length ?? 1_000) > 30);

const COLUMNS = 4;

/** The fields that a list shows: the name, what identifies it, and what else tells records apart. */
export function listedFields(template: TemplateView): FieldView[] {
  const name = namingField(template);
  const keys = template.fields.filter((field) => template.record_key.includes(field.key));
  const others = template.fields.filter(tells);
  const all = new Set([...(name ? [name] : []), ...keys, ...others]);
  return [...all].slice(0, Math.max(COLUMNS, keys.length + 1));
}

export interface FieldChange {
  key: string;
  was: string;
  now: string;
}

/** The fields that differ, in the template's order. */
export function changes(before: Values, after: Values, template: TemplateView | undefined): FieldChange[] {
  const keys = template
    ? template.fields.map((field) => field.key)
    : [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys
    .map((key) => ({ key, was: shownText(before[key]), now: shownText(after[key]) }))
    .filter(({ was, now }) => was !== now);
}
