/** Control characters, and marks that turn the direction of writing. */
const OBEYED = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu;

/** A text from outside without what a screen would obey instead of show. */
export function clean(text: string): string {
  return text.replace(OBEYED, '\ufffd');
}
