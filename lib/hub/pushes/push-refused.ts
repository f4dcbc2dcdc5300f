import { TinyLLMError } from 'tinyllm/configuration';

/** The status a refused push is answered with: malformed, in conflict, too large, not this format, or no room. */
export type RefusalStatus = 400 | 403 | 409 | 413 | 415 | 500 | 503 | 507;

/** A push the hub does not take; nothing of it was counted. */
export class PushRefused extends TinyLLMError {
  constructor(
    readonly status: RefusalStatus,
    message: string,
  ) {
    super(message);
  }
}

/** A refusal that names the line of the pushed text, counted from 1. */
export function refuseLine(status: 400 | 409, line: number, problem: string): never {
  throw new PushRefused(status, `line ${line}: ${problem}`);
}
