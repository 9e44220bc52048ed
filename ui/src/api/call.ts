/** How pages ask: one typed function for every declared command. */
import { platform, type CommandName, type Request, type Response } from '@/platform';
import { backendAnswered, backendGone } from './connection';
import { asFailure, failure } from './failure';
import type { Failure } from './types';

/** A request with no fields of its own. */
type Empty<R> = keyof R extends symbol ? true : string extends keyof R ? true : false;

/** What is to be told where the desk has changed hands; null if it has not for this page. */
type Reconsider = () => Promise<Failure | null>;

let reconsider: Reconsider = () => Promise.resolve(failure('sitting_changed'));

export function whenSittingChanges(asked: Reconsider): void {
  reconsider = asked;
}

/** Rejects with a `Failure`. Commands that ask nothing may leave the request out. */
export async function call<C extends CommandName>(
  command: C,
  ...[request]: Empty<Request<C>> extends true ? [Request<C>?] : [Request<C>]
): Promise<Response<C>> {
  const asked = (request ?? {}) as Request<C>;
  try {
    return await answer(command, asked);
  } catch (thrown) {
    const refused = asFailure(thrown);
    if (refused.code !== 'sitting_changed') throw refused;
    const why = await reconsider();
    if (why) throw why;
    return answer(command, asked);
  }
}

async function answer<C extends CommandName>(command: C, request: Request<C>): Promise<Response<C>> {
  try {
    const response = await platform().call(command, request);
    backendAnswered();
    return response;
  } catch (thrown) {
    const refused = asFailure(thrown);
    if (refused.code === 'backend_gone') backendGone();
    throw refused;
  }
}
