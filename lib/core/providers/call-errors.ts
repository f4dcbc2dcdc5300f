import { type ModelError, ModelProtocolError, ModelUnavailableError } from '../errors/model-errors.js';
import { isTinyLLMError } from '../errors/tinyllm-error.js';
import { type CallFacts, errorFacts } from './call-facts.js';
import { oneLine } from './server-messages.js';

/** Error codes of established connections on which no valid response arrived. */
const connectionClosedCodes = /^(?:ECONNRESET|EPIPE|HPE_\w+|UND_ERR_(?!CONNECT_TIMEOUT)\w+)$/;
/** How many errors of a chain of causes are examined, including the outermost error. */
const maxCauses = 5;

/** Creates the error for a server that could not be reached, or that closed the connection before it responded. */
export function unreachable(call: CallFacts, cause: unknown): ModelError {
  const reason = reasonOf(cause, call);
  if (connectionClosedCodes.test(reason))
    return brokenAnswer(call, `sent no response (${reason}); ${call.whenOther}`, cause);
  // Source: https://fetch.spec.whatwg.org/#port-blocking
  if (reason === 'bad port') {
    return new ModelUnavailableError(
      `${call.setting} is ${call.url}, whose port is reserved for another protocol, so no HTTP client connects to it; expected another port, such as ${call.usualPort}.`,
      errorFacts(call, { cause }),
    );
  }
  return new ModelUnavailableError(
    `${call.name} does not respond at ${call.url} (${reason}); ${call.whenAbsent}.`,
    errorFacts(call, { cause }),
  );
}

/** Creates the error for a response that violates the protocol or is incomplete. */
export function brokenAnswer(call: CallFacts, problem: string, cause?: unknown): ModelError {
  return new ModelProtocolError(
    `${call.name} at ${call.url} ${problem}.`,
    errorFacts(call, cause === undefined ? {} : { cause }),
  );
}

/**
 * Returns an error of TinyLLM unchanged, even if a client library has wrapped it. For any other error, returns a
 * `ModelProtocolError`, which reports an incomplete or invalid response.
 */
export function asModelError(call: CallFacts, error: unknown): Error {
  let inner = error;
  for (let depth = 0; depth < maxCauses; depth++) {
    if (isTinyLLMError(inner)) return inner;
    inner = Object(inner).cause;
  }
  return brokenAnswer(call, `sent an incomplete or invalid response (${reasonOf(error, call)})`, error);
}

/**
 * Returns the code of the innermost error, or its message if it has no code. `fetch` wraps errors, so the outer errors
 * don't contain the reason.
 */
function reasonOf(error: unknown, call: CallFacts): string {
  const { code, cause, message } = Object(error) as { code?: unknown; cause?: unknown; message?: unknown };
  if (cause !== undefined) return reasonOf(cause, call);
  if (typeof code === 'string') return code;
  return oneLine(typeof message === 'string' ? message : String(error), call.secret);
}
