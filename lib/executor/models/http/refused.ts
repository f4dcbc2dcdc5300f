import {
  beginningOf,
  type CallFacts,
  errorFacts,
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
import { retryAfterSeconds } from './retry-after.js';

/** The server answered with a status that is no success. */
export async function refused(call: CallFacts, response: Response): Promise<ModelError> {
  const { status, headers } = response;
  const stated = statedRefusal(await beginningOf(response));
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
