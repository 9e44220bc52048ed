/** Files dropped on the window while a page is shown. */
import { onBeforeUnmount, onMounted, readonly, ref, type Ref } from 'vue';
import { asFailure } from './api/failure';
import type { Failure } from './api/types';
import { platform, type Picked } from './platform';

/** Gives whether files are held over the window. */
export function useDrop(
  take: (picked: Picked) => void,
  refused: (failure: Failure) => void = () => undefined,
): Readonly<Ref<boolean>> {
  const over = ref(false);
  let end: () => void = () => undefined;
  onMounted(() => {
    end = platform().onDrop(
      take,
      (is) => (over.value = is),
      (failure) => refused(asFailure(failure)),
    );
  });
  onBeforeUnmount(() => end());
  return readonly(over);
}
