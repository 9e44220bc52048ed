/** What is open at this desk: the office, who is unlocked, how the window is shown. */
import { computed, reactive, readonly, ref } from 'vue';
import { call, whenSittingChanges } from './call';
import { learnLabels } from '@/texts';
import { failure } from './failure';
import { rememberJobs, whenJobEnds } from './jobs';
import { sittingIs } from './sitting';
import type { Greeting, Overview, SessionView, Settings, TemplateView } from './types';

const state = reactive<{ greeting: Greeting | null; overview: Overview | null; templates: TemplateView[] }>({
  greeting: null,
  overview: null,
  templates: [],
});

export const greeting = computed(() => state.greeting);
export const overview = computed(() => state.overview);
export const templates = computed(() => state.templates);
export const office = computed(() => state.greeting?.office ?? null);
export const session = computed(() => state.greeting?.session ?? null);

/** Grows whenever another office or person comes to the desk; what was read before is not theirs. */
const turn = ref(0);
export const deskTurn = readonly(turn);

/** Whoever unlocks again after the program was started anew finds the page as it was left. */
let lastPerson: string | null = null;

function takeTurn(person: string | null): void {
  if (person === null || person !== lastPerson) turn.value += 1;
  lastPerson = person;
}

let becomeKnown: () => void;

/** Fulfilled by the first greeting. */
export const deskKnown = new Promise<void>((resolve) => (becomeKnown = resolve));

/** Asks what is open; pages appear after the first answer. */
export async function refreshDesk(): Promise<Greeting> {
  const answer = await call('hello');
  const before = state.greeting?.office;
  if (before && !answer.office && answer.offices.some(({ id }) => id === before.id)) {
    // The program was started anew: the page still belongs to the office that was open.
    answer.office = await call('office_open', { id: before.id });
    answer.sitting = (await call('hello')).sitting;
  }
  state.greeting = answer;
  sittingIs(answer.sitting);
  becomeKnown();
  lastPerson = answer.session?.name ?? lastPerson;
  rememberJobs(answer.jobs);
  if (answer.office) await Promise.all([refreshOverview(), readTemplates()]);
  else Object.assign(state, { overview: null, templates: [] });
  return answer;
}

/** Somebody locked and unlocked again elsewhere: the page goes on. Anybody else is told. */
whenSittingChanges(async () => {
  const now = await call('hello');
  if (!now.session) return failure('locked');
  if (now.office?.id !== office.value?.id || now.session.name !== session.value?.name) return failure('sitting_changed');
  sittingIs(now.sitting);
  return null;
});

/** What people call the fields is known before anything names one. */
async function readTemplates(): Promise<void> {
  try {
    state.templates = (await call('templates')).templates;
    state.templates.forEach((template) => learnLabels(template.fields));
  } catch {
    // Fields are called by their keys until the next greeting.
  }
}

/** Brings counts and the status line up to date; call it after anything that changes them. */
export async function refreshOverview(): Promise<void> {
  if (!office.value) return;
  try {
    state.overview = await call('overview');
  } catch {
    // The status line keeps what it knew; whoever asked for something is told by that.
  }
}

whenJobEnds(() => void refreshOverview());

export async function openOffice(id: string): Promise<void> {
  await call('office_open', { id });
  await refreshDesk();
  takeTurn(null);
}

export async function unlock(name: string, passphrase: string): Promise<SessionView> {
  const unlocked = await call('unlock', { name, passphrase });
  if (state.greeting) state.greeting.session = unlocked;
  takeTurn(name);
  await refreshOverview();
  return unlocked;
}

export async function lock(): Promise<void> {
  await call('lock');
  if (state.greeting) Object.assign(state.greeting, { session: null, idle: null });
  takeTurn(null);
  await refreshOverview();
}

/** Nobody used the desk for that many minutes; null if it was locked in another window. */
export async function lockedByItself(minutes: number | null): Promise<void> {
  if (state.greeting) Object.assign(state.greeting, { session: null, idle: minutes });
  takeTurn(null);
  await refreshOverview();
}

export async function saveSettings(settings: Settings): Promise<void> {
  const kept = await call('settings_save', settings);
  if (state.greeting) state.greeting.settings = kept;
}

export function hasRole(role: string): boolean {
  return session.value?.roles.includes(role) ?? false;
}
