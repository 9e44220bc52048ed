/** Words that stand alone, in a cell, a mark or a label, begin with a capital where the script has them. */
import { word } from './fill';

export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A stable word that stands alone. */
export function wordAlone(kind: string, value: string): string {
  return capitalized(word(kind, value));
}
