/** Whether somebody still sits here: keys and the pointer are reported now and then; a desk that nobody uses locks itself. */
import { onBeforeUnmount, onMounted } from 'vue';
import { call } from '@/api/call';
import { lockedByItself, session } from '@/api/desk';

const EVERY = 15_000;
const SIGNS = ['keydown', 'pointerdown', 'pointermove', 'wheel'] as const;

export function usePresence(): void {
  let active = false;
  const moved = () => (active = true);

  async function ask(): Promise<void> {
    if (!session.value) return;
    const reported = active;
    active = false;
    try {
      const { seated, idle } = await call('here', { active: reported });
      if (!seated) await lockedByItself(idle);
    } catch {
      // Whether the program answers is shown elsewhere.
    }
  }

  let timer: ReturnType<typeof setInterval> | undefined;
  onMounted(() => {
    for (const sign of SIGNS) document.addEventListener(sign, moved, { passive: true, capture: true });
    timer = setInterval(() => void ask(), EVERY);
  });
  onBeforeUnmount(() => {
    for (const sign of SIGNS) document.removeEventListener(sign, moved, { capture: true });
    clearInterval(timer);
  });
}
