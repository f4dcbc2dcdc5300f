/** How an API's answers are to be read. */
export type ModelApi = 'ollama' | 'openai' | 'responses';

/** What a path of a model's server does. */
export interface Endpoint {
  readonly api: ModelApi;
  readonly embeds: boolean;
  /** Whether it streams its answer when the request does not say. */
  readonly streamsByDefault: boolean;
}

const ollama: Endpoint = { api: 'ollama', embeds: false, streamsByDefault: true };
const openai: Endpoint = { api: 'openai', embeds: false, streamsByDefault: false };

/**
 * Sources: https://github.com/ollama/ollama/blob/main/docs/api.md and
 * https://platform.openai.com/docs/api-reference.
 */
const endpoints: ReadonlyMap<string, Endpoint> = new Map([
  ['api/generate', ollama],
  ['api/chat', ollama],
  ['api/embed', { ...ollama, embeds: true, streamsByDefault: false }],
  ['api/embeddings', { ...ollama, embeds: true, streamsByDefault: false }],
  ['v1/chat/completions', openai],
  ['v1/completions', openai],
  ['v1/embeddings', { ...openai, embeds: true }],
  ['v1/responses', { ...openai, api: 'responses' }],
]);

const known = /\/((?:api|v1)\/(?:chat\/)?[a-z]+)\/?$/;

/**
 * What a request asks a model for; undefined for any other request.
 *
 * Servers also stand below a path of their own, as in `/openai/v1/chat/completions`, so only the end of the path counts.
 *
 * @param target The request's target, query included.
 */
export function endpointOf(method: string, target: string): Endpoint | undefined {
  if (method !== 'POST') return undefined;
  const query = target.search(/[?#]/);
  const path = query === -1 ? target : target.slice(0, query);
  return endpoints.get(known.exec(path)?.[1] ?? '');
}
