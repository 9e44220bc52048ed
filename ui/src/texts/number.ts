/** Digits with a comma before every third from the end: 3,520. Anything else is left as it is. */
export function grouped(digits: string): string {
  return /^\d+$/.test(digits) ? digits.replace(/\B(?=(\d{3})+$)/g, ',') : digits;
}
