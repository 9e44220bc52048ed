/** Why something did not happen: a code and what its text may mention. */
import type { Failure } from './types';

export function failure(code: string, args: Record<string, string> = {}): Failure {
  return { code, args, problems: [] };
}

/** Whatever was thrown, as a failure; what is no failure is a mistake of the program. */
export function asFailure(thrown: unknown): Failure {
  if (isFailure(thrown)) return thrown;
  const detail = thrown instanceof Error ? thrown.message : typeof thrown === 'string' ? thrown : '';
  return failure('internal', detail ? { detail } : {});
}

function isFailure(thrown: unknown): thrown is Failure {
  const it = thrown as Partial<Failure> | null;
  return (
    typeof it === 'object' &&
    it !== null &&
    typeof it.code === 'string' &&
    typeof it.args === 'object' &&
    Array.isArray(it.problems)
  );
}
