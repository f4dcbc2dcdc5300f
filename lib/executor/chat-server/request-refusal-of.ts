import { type Refusal, refusal } from './refusal.js';
import { refusalOf } from './refusal-of.js';

/** What Fastify finds wrong with a request, by its error codes, and what to do about it. */
const refusals: Readonly<Record<string, Refusal>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: refusal(413, {
    message: 'The request is too large; send fewer or shorter messages.',
    code: 'request_too_large',
  }),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: refusal(415, {
    message: 'The body is of another type; expected Content-Type: application/json.',
    code: 'invalid_content_type',
  }),
  FST_ERR_BAD_URL: refusal(400, {
    message: 'The path is no valid URL; write % as %25.',
    code: 'invalid_url',
  }),
  FST_ERR_MAX_PARAM_LENGTH: refusal(404, {
    message: 'There is no such model; its name is too long for one.',
    param: 'model',
    code: 'model_not_found',
  }),
  FST_ERR_CTP_EMPTY_JSON_BODY: refusal(400, {
    message: 'The body is empty; expected a JSON object.',
    code: 'invalid_json',
  }),
};

/** What a client is told of an error in reading its request, or in answering it. */
export function requestRefusalOf(error: unknown): Refusal {
  const { code, statusCode } = Object(error) as { readonly code?: unknown; readonly statusCode?: unknown };
  const known = typeof code === 'string' ? refusals[code] : undefined;
  if (known !== undefined) return known;
  // Fastify's own errors alone have such codes; the other ones it finds in requests are about the body's JSON.
  const isFastify = typeof code === 'string' && code.startsWith('FST_ERR_') && Number(statusCode) < 500;
  const isSyntax = error instanceof SyntaxError && statusCode === 400;
  if (!isFastify && !isSyntax) return refusalOf(error);
  return refusal(400, { message: 'The body is not valid JSON; expected a JSON object.', code: 'invalid_json' });
}
