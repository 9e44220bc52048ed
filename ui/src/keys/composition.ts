/** Input methods: Enter that ends a composition does nothing else. */
import type { Directive } from 'vue';

/** Whether a key belongs to the input method. Safari and WebKit end the composition before the key: 229 tells. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}

/** Calls `act` on Enter alone, unless the input method has it. */
export function onEnter(act: (event: KeyboardEvent) => void): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.key !== 'Enter' || isComposing(event)) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    act(event);
  };
}

const handlers = new WeakMap<HTMLElement, (event: KeyboardEvent) => void>();

/** `v-enter="act"` on an input. */
export const vEnter: Directive<HTMLElement, (event: KeyboardEvent) => void> = {
  mounted(element, { value }) {
    const handler = onEnter(value);
    handlers.set(element, handler);
    element.addEventListener('keydown', handler);
  },
  updated(element, { value, oldValue }) {
    if (value === oldValue) return;
    const before = handlers.get(element);
    if (before) element.removeEventListener('keydown', before);
    const handler = onEnter(value);
    handlers.set(element, handler);
    element.addEventListener('keydown', handler);
  },
};

/** A form must not be sent by the Enter that ends a composition. */
export function guardSubmission(): void {
  window.addEventListener(
    'keydown',
    (event) => {
      if (event.key === 'Enter' && isComposing(event)) event.stopPropagation();
    },
    { capture: true },
  );
}
