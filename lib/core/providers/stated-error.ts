import { ModelProtocolError, ModelServerError } from '../errors/model-errors.js';
import { type Fields, isFilled } from './fields.js';
import type { FinishReason } from './finish-reason.js';

/**
 * The `error_type` of a response that states an error in its field `error`, although its status is a success.
 *
 * The server broke off its response, so the type is the same as for a client that finds a response broken off.
 */
export function statedErrorType({ error }: Fields): string | undefined {
  return isFilled(error) && error !== false ? ModelProtocolError.name : undefined;
}

/** The `error_type` of a response that states no error, only that it ended because of one. */
export function failedType(finishReason: FinishReason | undefined): string | undefined {
  return finishReason === 'error' ? ModelServerError.name : undefined;
}
