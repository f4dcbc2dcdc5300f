import type { IncomingMessage } from 'node:http';

/**
 * The paths, without the query, of model calls that change nothing at the server.
 *
 * `/v1/responses` is missing: a server may store the response. Sources:
 * https://github.com/ollama/ollama/blob/main/docs/api.md, https://platform.openai.com/docs/api-reference,
 * https://docs.anthropic.com/en/api/messages and https://ai.google.dev/api/generate-content.
 */
const modelCalls: readonly RegExp[] = [
  /^\/api\/(?:generate|chat|embed|embeddings)\/?$/,
  /^\/v1\/messages(?:\/count_tokens)?\/?$/,
  /\/v1\/(?:chat\/completions|completions|embeddings)\/?$/,
  /\/openai\/deployments\/[^/]+\/(?:chat\/completions|completions|embeddings)\/?$/,
  /\/models\/[^/:]+:(?:generateContent|streamGenerateContent|embedContent|batchEmbedContents|countTokens)$/,
];
const readingMethods: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD']);

/** Whether a request has a body, according to its head. Source: RFC 9112 §6.3. */
export function hasBody({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * Whether a request only reads: GET or HEAD without a body. Rate limit and queue apply to all other requests except
 * CORS preflights.
 */
export function onlyReads(request: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  return readingMethods.has(request.method) && !hasBody(request);
}

/**
 * Whether a request is a CORS preflight. Browsers send it without a key and without a body. Source:
 * https://fetch.spec.whatwg.org.
 */
export function isPreflight(request: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  const { method, headers } = request;
  return method === 'OPTIONS' && 'origin' in headers && 'access-control-request-method' in headers && !hasBody(request);
}

/**
 * Whether a request may be retried after an upstream received it and did not respond.
 *
 * GET, HEAD and OPTIONS only read. A model call has no effect on the server. Any other request, such as
 * `POST /api/create` or a DELETE, is sent at most once.
 */
export function mayBeRepeated({ method, url = '' }: Pick<IncomingMessage, 'method' | 'url'>): boolean {
  if (readingMethods.has(method) || method === 'OPTIONS') return true;
  if (method !== 'POST') return false;
  const query = url.search(/[?#]/);
  const path = query === -1 ? url : url.slice(0, query);
  return modelCalls.some((call) => call.test(path));
}
