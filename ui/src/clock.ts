/** The present, in seconds since 1970, for relative times. */
import { readonly, ref } from 'vue';

const now = ref(Math.floor(Date.now() / 1_000));
setInterval(() => (now.value = Math.floor(Date.now() / 1_000)), 20_000);

export const present = readonly(now);
