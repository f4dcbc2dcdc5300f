import {
  beginningOf,
  type CallFacts,
  type ExceededLimit,
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
import { errorResponseLimits, responseLimitError } from './response-limits.js';

/** Reads a response with an error status, and returns the error for it. */
export async function statusError(call: CallFacts, response: Response): Promise<ModelError> {
  const { status, headers, body } = response;
  const onLimit = (limit: ExceededLimit): Error => responseLimitError(call, errorResponseLimits, limit);
  const limited = body && limitBody(body, errorResponseLimits, onLimit);
  const stated = statedRefusal(await beginningOf({ body: limited }));
  const after = retryAfterSeconds(headers);
  const facts = errorFacts(call, { status, ...(after === undefined ? {} : { retryAfterSeconds: after }) });
  const where = `${call.name} at ${call.url}`;
  const contentType = headers.get('content-type') ?? 'no content type';
  const reason = stated === undefined ? ` and ${contentType}` : `: ${oneLine(stated, call.secret)}`;
  const problem = `${where} responded with status ${status}${reason}`;

  const ErrorClass = refusalClass({ status, stated, asksModel: call.model !== undefined });
  if (ErrorClass === ModelNotFoundError && call.model !== undefined) {
    return new ErrorClass(`${where} does not have the model ${call.model}; ${call.whenMissing(call.model)}.`, facts);
  }
  return new ErrorClass(`${problem}${adviceFor(ErrorClass, call, after)}.`, facts);
}

function adviceFor(errorClass: ReturnType<typeof refusalClass>, call: CallFacts, after: number | undefined): string {
  switch (errorClass) {
    case ModelAccessError:
      return `; ${call.whenLocked}`;
    case ModelRateLimitError:
      return after === undefined ? '; send fewer requests' : `; retry in ${Math.ceil(after)} s`;
    case ModelUnavailableError:
      return '; retry later';
    case ModelProtocolError:
      return `; ${call.whenOther}`;
    default:
      return '';
  }
}

/**
 * Returns the seconds until the server allows a retry, or undefined if it does not state them.
 *
 * `Retry-After` contains seconds or a date (RFC 9110, section 10.2.3). The more precise `Retry-After-Ms` of OpenAI and
 * Azure takes precedence. A date in the past is 0.
 *
 * @param now The current time in milliseconds of the epoch, for dates.
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
/** `Date.parse` alone would accept texts such as "-1". */
const isDate = /^[A-Z][a-z]+,? .*\d{2}:\d{2}:\d{2}/;
