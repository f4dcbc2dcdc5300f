import type { CorpusCase } from '../corpus-case.js';

const source = 'https://platform.openai.com/docs/guides/error-codes';

const error = (message: string, type: string, code: string | null, param: string | null = null) => ({
  error: { message, type, param, code },
});

/** Error responses of OpenAI's API. */
export const errors: readonly CorpusCase[] = [
  {
    name: '401, wrong API key',
    source,
    api: 'openai-chat',
    status: 401,
    whole: error('Incorrect API key provided: sk-no***key.', 'invalid_request_error', 'invalid_api_key'),
    expected: { finishReason: 'error', error: 'ModelAccessError' },
  },
  {
    name: '403, unsupported region',
    source,
    api: 'openai-responses',
    status: 403,
    whole: error(
      'Country, region, or territory not supported',
      'request_forbidden',
      'unsupported_country_region_territory',
    ),
    expected: { finishReason: 'error', error: 'ModelAccessError' },
  },
  {
    name: '404, unknown model',
    source,
    api: 'openai-chat',
    status: 404,
    whole: error(
      'The model `gpt-99` does not exist or you do not have access to it.',
      'invalid_request_error',
      'model_not_found',
    ),
    expected: { finishReason: 'error', error: 'ModelNotFoundError' },
  },
  {
    name: '404, unknown URL',
    source,
    api: 'openai-embeddings',
    status: 404,
    whole: error('Invalid URL (POST /v1/embedding)', 'invalid_request_error', null),
    expected: { finishReason: 'error', error: 'ModelProtocolError' },
  },
  {
    name: '400, input over the context window',
    source,
    api: 'openai-chat',
    status: 400,
    whole: error(
      "This model's maximum context length is 8192 tokens. However, your messages resulted in 9035 tokens.",
      'invalid_request_error',
      'context_length_exceeded',
      'messages',
    ),
    expected: { finishReason: 'error', error: 'ModelRequestError' },
  },
  {
    name: '429, quota exceeded',
    source,
    api: 'openai-responses',
    status: 429,
    whole: error('You exceeded your current quota.', 'insufficient_quota', 'insufficient_quota'),
    expected: { finishReason: 'error', error: 'ModelRateLimitError' },
  },
  {
    name: '500, server error',
    source,
    api: 'openai-completions',
    status: 500,
    whole: error('The server had an error processing your request.', 'server_error', null),
    expected: { finishReason: 'error', error: 'ModelServerError' },
  },
  {
    name: '503, overloaded',
    source,
    api: 'openai-chat',
    status: 503,
    whole: error('That model is currently overloaded with other requests.', 'server_error', null),
    expected: { finishReason: 'error', error: 'ModelUnavailableError' },
  },
  {
    name: '502, HTML page of a gateway',
    source: 'https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/',
    api: 'openai-chat',
    status: 502,
    contentType: 'text/html',
    body: '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>',
    expected: { finishReason: 'error', error: 'ModelUnavailableError' },
  },
  {
    name: '413, plain text of a gateway',
    source: 'https://nginx.org/en/docs/http/ngx_http_core_module.html#client_max_body_size',
    api: 'openai-chat',
    status: 413,
    contentType: 'text/plain',
    body: 'Request Entity Too Large',
    expected: { finishReason: 'error', error: 'ModelProtocolError' },
  },
];
