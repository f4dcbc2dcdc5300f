import { type ErrorResponse, errorResponse } from './error-response.js';
import { runErrorResponse } from './run-error-response.js';

/** Error responses by the error code of Fastify. */
const fastifyErrors: Readonly<Record<string, ErrorResponse>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: errorResponse(413, {
    message: 'The request is too large; send fewer or shorter messages.',
    code: 'request_too_large',
  }),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: errorResponse(415, {
    message: 'The body has the wrong type; expected Content-Type: application/json.',
    code: 'invalid_content_type',
  }),
  FST_ERR_BAD_URL: errorResponse(400, {
    message: 'The path is not a valid URL; write % as %25.',
    code: 'invalid_url',
  }),
  FST_ERR_MAX_PARAM_LENGTH: errorResponse(404, {
    message: 'No model has this name; the requested name is longer than the longest allowed model name.',
    param: 'model',
    code: 'model_not_found',
  }),
  FST_ERR_CTP_EMPTY_JSON_BODY: errorResponse(400, {
    message: 'The body is empty; expected a JSON object.',
    code: 'invalid_json',
  }),
};

/** The error response for an error while reading or running a request. */
export function requestErrorResponse(error: unknown): ErrorResponse {
  const { code, statusCode } = Object(error) as { readonly code?: unknown; readonly statusCode?: unknown };
  const known = typeof code === 'string' ? fastifyErrors[code] : undefined;
  if (known !== undefined) return known;
  // Only Fastify's own errors have codes that start with FST_ERR_. If such an error is missing from `fastifyErrors` and
  // is a client error, the response says that the body is not valid JSON.
  const isFastifyError = typeof code === 'string' && code.startsWith('FST_ERR_') && Number(statusCode) < 500;
  const isSyntaxError = error instanceof SyntaxError && statusCode === 400;
  if (!isFastifyError && !isSyntaxError) return runErrorResponse(error);
  return errorResponse(400, { message: 'The body is not valid JSON; expected a JSON object.', code: 'invalid_json' });
}
