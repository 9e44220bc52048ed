/** The texts that the pages share with the command line, and those that pages say otherwise. */
import sharedEn from '@locales/en.json';
import sharedZh from '@locales/zh-CN.json';
import pagesEn from '@/locales/en.json';
import pagesZh from '@/locales/zh-CN.json';
import { language, type Language } from '@/language';

export interface ErrorText {
  what: string;
  safe: string;
  next: string;
}

export type Table = Record<string, string>;

export interface Tables {
  errors: Record<string, ErrorText>;
  problems: Table;
  findings: Table;
  damages: Table;
  violations: Table;
  words: Record<string, Table>;
  refusal: { safe: string; next: string };
}

type Shared = Omit<Tables, 'refusal'> & { cli: Table };

/** What pages say otherwise; an error's other parts are the shared ones. */
interface OfPages {
  errors: Record<string, Partial<ErrorText>>;
  findings: Table;
  words: Record<string, Table>;
}

/** A page has no command line to point at: what it says of an error comes first. */
function joined(shared: Shared, pages: OfPages): Tables {
  const words = { ...shared.words };
  for (const [kind, table] of Object.entries(pages.words)) words[kind] = { ...words[kind], ...table };
  const errors = { ...shared.errors };
  for (const [code, parts] of Object.entries(pages.errors)) {
    errors[code] = { what: code, safe: '', next: '', ...errors[code], ...parts };
  }
  return {
    errors,
    problems: shared.problems,
    findings: { ...shared.findings, ...pages.findings },
    damages: shared.damages,
    violations: shared.violations,
    words,
    refusal: { safe: shared.cli.refusal_safe ?? '', next: shared.cli.refusal_next ?? '' },
  };
}

const all: Record<Language, Tables> = {
  'zh-CN': joined(sharedZh, pagesZh),
  en: joined(sharedEn, pagesEn),
};

export function tablesOf(of: Language): Tables {
  return all[of];
}

export function tables(): Tables {
  return all[language.value];
}
