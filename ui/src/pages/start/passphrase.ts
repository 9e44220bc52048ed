/** Whether a new passphrase may be taken: the program judges it while it is typed. */
import { readonly, ref, watch, type Ref } from 'vue';
import { call } from '@/api/call';
import type { Failure } from '@/api/types';

/** Why it is refused; null if it is not, undefined while that is not known. */
export type Judged = Failure | null | undefined;

/** Judges what is typed; `names` are those that everybody connects with it. */
export function useJudged(passphrase: Ref<string>, names: () => readonly string[]): Readonly<Ref<Judged>> {
  const judged = ref<Judged>();
  let turn = 0;

  async function judge(): Promise<void> {
    const mine = ++turn;
    judged.value = undefined;
    if (!passphrase.value) return;
    // What cannot be judged here is judged when it is used.
    const answer = await call('passphrase_judge', { passphrase: passphrase.value, names: [...names()] }).catch(() => null);
    if (mine === turn) judged.value = answer?.refused ?? null;
  }

  watch([passphrase, () => names().join('\n')], () => void judge());
  return readonly(judged) as Readonly<Ref<Judged>>;
}
