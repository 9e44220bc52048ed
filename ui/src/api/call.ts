/** How pages ask: one typed function for every declared command. */
import { platform, type CommandName, type Request, type Response } from '@/platform';
import { backendAnswered, backendGone } from './connection';
import { asFailure } from './failure';

/** A request with no fields of its own. */
type Empty<R> = keyof R extends symbol ? true : string extends keyof R ? true : false;

/** Rejects with a `Failure`. Commands that ask nothing may leave the request out. */
export async function call<C extends CommandName>(
  command: C,
  ...[request]: Empty<Request<C>> extends true ? [Request<C>?] : [Request<C>]
): Promise<Response<C>> {
  try {
    const response = await platform().call(command, (request ?? {}) as Request<C>);
    backendAnswered();
    return response;
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.code === 'backend_gone') backendGone();
    throw failure;
  }
}
