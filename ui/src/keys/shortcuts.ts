/** Keys of the window and of the page that is shown. */
import { onBeforeUnmount, onMounted } from 'vue';
import { isComposing } from './composition';

export interface Shortcuts {
  /** `/`: to the search box. */
  search?: () => void;
  /** `n`: a new one. */
  create?: () => void;
  /** Ctrl+Enter: the page's main action. Never give one that signs. */
  main?: () => void;
  /** Esc: closes. */
  close?: () => void;
}

const stack: Shortcuts[] = [];

/** The page that came last is asked first; a frame's keys hold wherever no page has them. */
export function useShortcuts(shortcuts: Shortcuts): void {
  onMounted(() => stack.push(shortcuts));
  onBeforeUnmount(() => {
    const at = stack.indexOf(shortcuts);
    if (at >= 0) stack.splice(at, 1);
  });
}

function asked(event: KeyboardEvent): keyof Shortcuts | null {
  if (event.altKey) return null;
  if (event.key === 'Enter') return event.ctrlKey || event.metaKey ? 'main' : null;
  if (event.ctrlKey || event.metaKey) return null;
  if (event.key === 'Escape') return 'close';
  if (isWriting(event.target)) return null;
  if (event.key === '/') return 'search';
  return event.key === 'n' ? 'create' : null;
}

function isWriting(target: EventTarget | null): boolean {
  const element = target instanceof HTMLElement ? target : null;
  if (!element) return false;
  if (element.isContentEditable || element.tagName === 'TEXTAREA' || element.tagName === 'SELECT') return true;
  const type = element instanceof HTMLInputElement ? element.type : null;
  return type !== null && !['checkbox', 'radio', 'button', 'submit', 'range'].includes(type);
}

/** While a dialog is open, its own keys count and no others. */
function isDialogOpen(): boolean {
  return [...document.querySelectorAll('[aria-modal="true"]')].some((dialog) => dialog.getClientRects().length > 0);
}

function pressed(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.repeat || isComposing(event)) return;
  const key = asked(event);
  if (!key || isDialogOpen()) return;
  for (const shortcuts of [...stack].reverse()) {
    const act = shortcuts[key];
    if (!act) continue;
    event.preventDefault();
    act();
    return;
  }
}

export function listenToKeys(): void {
  window.addEventListener('keydown', pressed);
}
