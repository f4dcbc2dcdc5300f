import {
  beginningOf,
  type CallFacts,
  errorFacts,
  limitBody,
  ModelAccessError,
  type ModelError,
  ModelNotFoundError,
  ModelProtocolError,
  ModelRateLimitError,
  ModelUnavailableError,
  oneLine,
  refusalClass,
  statedRefusal,
} from 'tinyllm/recording';
import { refusalLimits, responseLimitError } from './response-limits.js';

/** The server answered with a status that is no success. */
export async function refused(call: CallFacts, response: Response): Promise<ModelError> {
  const { status, headers, body } = response;
  const limited = body && limitBody(body, refusalLimits, (limit) => responseLimitError(call, refusalLimits, limit));
  const stated = statedRefusal(await beginningOf({ body: limited }));
  const after = retryAfterSeconds(headers);
  const facts = errorFacts(call, { status, ...(after === undefined ? {} : { retryAfterSeconds: after }) });
  const where = `${call.name} at ${call.url}`;
  const contentType = headers.get('content-type') ?? 'no content type';
  const words = stated === undefined ? ` and ${contentType}` : `: ${oneLine(stated, call.secret)}`;
  const answered = `${where} answered with status ${status}${words}`;

  const RefusalError = refusalClass({ status, stated, asksModel: call.model !== undefined });
  if (RefusalError === ModelNotFoundError && call.model !== undefined) {
    return new RefusalError(`${where} does not have the model ${call.model}; ${call.whenMissing(call.model)}.`, facts);
  }
  return new RefusalError(`${answered}${adviceFor(RefusalError, call, after)}.`, facts);
}

function adviceFor(refusal: ReturnType<typeof refusalClass>, call: CallFacts, after: number | undefined): string {
  switch (refusal) {
    case ModelAccessError:
      return `; ${call.whenLocked}`;
    case ModelRateLimitError:
      return after === undefined ? '; ask less often' : `; ask again in ${Math.ceil(after)} s`;
    case ModelUnavailableError:
      return '; ask again later';
    case ModelProtocolError:
      return `; ${call.whenOther}`;
    default:
      return '';
  }
}

/**
 * After how many seconds a server asks to be called again; undefined when it does not say.
 *
 * It says so in `Retry-After`, as seconds or as a date (RFC 9110, section 10.2.3), or in `Retry-After-Ms`, as OpenAI and
 * Azure do, which is finer. A date that has passed is 0.
 *
 * @param now Milliseconds of the epoch, from which a date is counted.
 */
export function retryAfterSeconds(headers: Headers, now = Date.now()): number | undefined {
  const milliseconds = headers.get('retry-after-ms')?.trim() ?? '';
  if (isNumber.test(milliseconds)) return Number(milliseconds) / 1000;
  const stated = headers.get('retry-after')?.trim() ?? '';
  if (isNumber.test(stated)) return Number(stated);
  const date = isDate.test(stated) ? Date.parse(stated) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, (date - now) / 1000);
}

const isNumber = /^\d{1,15}(?:\.\d{1,9})?$/;
/** `Date.parse` takes much for a date that is none, such as "-1". */
const isDate = /^[A-Z][a-z]+,? .*\d{2}:\d{2}:\d{2}/;
