import { type ModelError, ModelProtocolError, ModelUnavailableError } from '../errors/model-errors.js';
import { isTinyLLMError } from '../errors/tinyllm-error.js';
import { type CallFacts, errorFacts } from './call-facts.js';
import { oneLine } from './server-words.js';

/** What a call fails with whose connection was there, and broke before an answer came. */
const brokeBefore = /^(?:ECONNRESET|EPIPE|HPE_\w+|UND_ERR_(?!CONNECT_TIMEOUT)\w+)$/;
/** How many wrappings of an error are looked into. */
const deepest = 5;

/** The server could not be reached, or went before it answered anything. */
export function unreachable(call: CallFacts, cause: unknown): ModelError {
  const reason = reasonOf(cause, call);
  if (brokeBefore.test(reason)) return brokenAnswer(call, `gave no answer (${reason}); ${call.whenOther}`, cause);
  // Source: https://fetch.spec.whatwg.org/#port-blocking
  if (reason === 'bad port') {
    return new ModelUnavailableError(
      `${call.setting} is ${call.url}, whose port belongs to another protocol, and no HTTP client connects to it; expected another port, such as ${call.usualPort}.`,
      errorFacts(call, { cause }),
    );
  }
  return new ModelUnavailableError(
    `${call.name} does not answer at ${call.url} (${reason}); ${call.whenAbsent}.`,
    errorFacts(call, { cause }),
  );
}

/** The server answered something that is not the protocol, or broke off in the middle of it. */
export function brokenAnswer(call: CallFacts, problem: string, cause?: unknown): ModelError {
  return new ModelProtocolError(
    `${call.name} at ${call.url} ${problem}.`,
    errorFacts(call, cause === undefined ? {} : { cause }),
  );
}

/** Ours as they are, also when a client library has wrapped them; anything else as an answer that broke off. */
export function asModelError(call: CallFacts, error: unknown): Error {
  let inner = error;
  for (let depth = 0; depth < deepest; depth++) {
    if (isTinyLLMError(inner)) return inner;
    inner = Object(inner).cause;
  }
  return brokenAnswer(call, `broke off its answer (${reasonOf(error, call)})`, error);
}

/** Fetch wraps what went wrong; the code of the innermost error says it shortest. */
function reasonOf(error: unknown, call: CallFacts): string {
  const { code, cause, message } = Object(error) as { code?: unknown; cause?: unknown; message?: unknown };
  if (cause !== undefined) return reasonOf(cause, call);
  if (typeof code === 'string') return code;
  return oneLine(typeof message === 'string' ? message : String(error), call.secret);
}
