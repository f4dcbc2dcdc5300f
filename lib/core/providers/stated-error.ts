import { ModelProtocolError, ModelServerError } from '../errors/model-errors.js';
import { type Fields, isFilled } from './fields.js';
import type { FinishReason } from './finish-reason.js';

/**
 * Returns the `error_type` of a response that has an error in its field `error` although its status is a success.
 *
 * The server broke off its response. So the type is that of an incomplete response, `ModelProtocolError`.
 */
export function statedErrorType({ error }: Fields): string | undefined {
  return isFilled(error) && error !== false ? ModelProtocolError.name : undefined;
}

/** Returns the `error_type` of a response that ended because of an error but doesn't state that error. */
export function failedType(finishReason: FinishReason | undefined): string | undefined {
  return finishReason === 'error' ? ModelServerError.name : undefined;
}
