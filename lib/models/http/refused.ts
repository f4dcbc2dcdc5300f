import {
  ModelAccessError,
  type ModelError,
  ModelNotFoundError,
  ModelProtocolError,
  ModelRateLimitError,
  ModelRequestError,
  ModelServerError,
  ModelUnavailableError,
} from '../../errors.js';
import { type CallFacts, errorFacts } from './call-facts.js';
import { retryAfterSeconds } from './retry-after.js';
import { beginningOf, oneLine, statedRefusal } from './server-words.js';

/** What servers, and the proxies before them, say when they cannot answer now; 529 is "overloaded". */
const unavailable: ReadonlySet<number> = new Set([502, 503, 504, 529]);

/**
 * The server answered with a status that is no success.
 *
 * A status in the 400s without a reason in JSON is a breach of the protocol: what answered is likely another server.
 */
export async function refused(call: CallFacts, response: Response): Promise<ModelError> {
  const { status, headers } = response;
  const stated = statedRefusal(await beginningOf(response));
  const after = retryAfterSeconds(headers);
  const facts = errorFacts(call, { status, ...(after === undefined ? {} : { retryAfterSeconds: after }) });
  const where = `${call.name} at ${call.url}`;
  const contentType = headers.get('content-type') ?? 'no content type';
  const words = stated === undefined ? ` and ${contentType}` : `: ${oneLine(stated, call.secret)}`;
  const answered = `${where} answered with status ${status}${words}`;

  if (status === 401 || status === 403) return new ModelAccessError(`${answered}; ${call.whenLocked}.`, facts);
  if (status === 429) {
    const when = after === undefined ? 'ask less often' : `ask again in ${Math.ceil(after)} s`;
    return new ModelRateLimitError(`${answered}; ${when}.`, facts);
  }
  if (unavailable.has(status)) return new ModelUnavailableError(`${answered}; ask again later.`, facts);
  if (status >= 500) return new ModelServerError(`${answered}.`, facts);
  if (stated === undefined || status < 400) return new ModelProtocolError(`${answered}; ${call.whenOther}.`, facts);
  if (status !== 404) return new ModelRequestError(`${answered}.`, facts);
  if (call.model !== undefined && /\bmodel\b/i.test(stated)) {
    return new ModelNotFoundError(
      `${where} does not have the model ${call.model}; ${call.whenMissing(call.model)}.`,
      facts,
    );
  }
  return new ModelProtocolError(`${answered}; ${call.whenOther}.`, facts);
}
