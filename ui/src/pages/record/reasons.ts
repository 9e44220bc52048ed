/** Reasons that are being typed, by ending and record: a dialog that is closed loses nothing. */
export const reasons: Record<string, string> = {};

/** The longest reason, in characters. */
export const MAX_REASON = 2_000;
