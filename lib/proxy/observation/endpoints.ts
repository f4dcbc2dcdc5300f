import { anthropic, gemini, ollama, openaiChat, openaiResponses, type ResponseReader } from 'tinyllm/recording';

/** The purpose of a path of a model server, and how to read its responses. */
export interface Endpoint {
  readonly reader: ResponseReader;
  /** The name of the API. */
  readonly provider: 'ollama' | 'openai' | 'anthropic' | 'gemini';
  /** The `request_type` of its requests. `ask` becomes `generate` or `stream`. */
  readonly requestType: 'ask' | 'embed' | 'count_tokens';
  /** Whether the response is streamed by default. */
  readonly streamsByDefault: boolean;
  /** Whether a streamed response consists of JSON lines instead of events. */
  readonly streamsLines?: boolean;
  /** The model in the path. */
  readonly model?: string;
}

const ask = { requestType: 'ask', streamsByDefault: false } as const;
const embed = { requestType: 'embed', streamsByDefault: false } as const;
const countTokens = { requestType: 'count_tokens', streamsByDefault: false } as const;
const ofOllama = { reader: ollama, provider: 'ollama' } as const;
const ofChat = { reader: openaiChat, provider: 'openai' } as const;
const ofAnthropic = { reader: anthropic, provider: 'anthropic' } as const;
const ofGemini = { reader: gemini, provider: 'gemini' } as const;
const ollamaLines: Endpoint = { ...ask, ...ofOllama, streamsByDefault: true, streamsLines: true };

/**
 * Endpoints of Ollama's native API, by the end of the path. Source:
 * https://github.com/ollama/ollama/blob/main/docs/api.md
 */
const ollamaEndpoints: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  ['generate', ollamaLines],
  ['chat', ollamaLines],
  ['embed', { ...embed, ...ofOllama }],
  ['embeddings', { ...embed, ...ofOllama }],
]);

/**
 * Endpoints of the APIs under `/v1`, by the end of the path. Sources: https://platform.openai.com/docs/api-reference
 * and https://docs.anthropic.com/en/api/messages.
 */
const endpoints: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  ['chat/completions', { ...ask, ...ofChat }],
  ['completions', { ...ask, ...ofChat }],
  ['embeddings', { ...embed, ...ofChat }],
  ['responses', { ...ask, reader: openaiResponses, provider: 'openai' }],
  ['messages', { ...ask, ...ofAnthropic }],
  ['messages/count_tokens', { ...countTokens, ...ofAnthropic }],
]);

/** Endpoints of Gemini, by the method at the end of the path. Source: https://ai.google.dev/api/generate-content */
const geminiEndpoints: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  ['generateContent', { ...ask, ...ofGemini }],
  ['streamGenerateContent', { ...ask, ...ofGemini, streamsByDefault: true }],
  ['embedContent', { ...embed, ...ofGemini }],
  ['batchEmbedContents', { ...embed, ...ofGemini }],
  ['countTokens', { ...countTokens, ...ofGemini }],
]);

const ollamaPath = /\/api\/([a-z]+)\/?$/;
const versionedPath = /\/(?:v1(?:beta)?(?:\/openai)?|openai\/deployments\/([^/]+))\/([a-z]+(?:\/[a-z_]+)?)\/?$/;
const geminiPath = /\/models\/([^/:]+):([A-Za-z]+)$/;

/**
 * The endpoint of a model request; `undefined` for any other request.
 *
 * Only the end of the path counts, because servers can have a path prefix, as in `/openai/v1/chat/completions`.
 *
 * @param target The request target, including the query.
 */
export function endpointOf(method: string, target: string): Endpoint | undefined {
  if (method !== 'POST') return undefined;
  const query = target.search(/[?#]/);
  const path = query === -1 ? target : target.slice(0, query);
  const [, native] = ollamaPath.exec(path) ?? [];
  if (native !== undefined) return ollamaEndpoints.get(native);
  const [, deployment, rest] = versionedPath.exec(path) ?? [];
  if (rest !== undefined) return withModel(endpoints.get(rest), deployment);
  const [, model, operation] = geminiPath.exec(path) ?? [];
  return operation === undefined ? undefined : withModel(geminiEndpoints.get(operation), model);
}

function withModel(endpoint: Endpoint | undefined, model: string | undefined): Endpoint | undefined {
  return endpoint === undefined || model === undefined ? endpoint : { ...endpoint, model: decoded(model) };
}

/** Longer model names are truncated to this number of characters. */
const maxModelLength = 1_024;

function decoded(model: string): string {
  try {
    return decodeURIComponent(model).slice(0, maxModelLength);
  } catch {
    return model.slice(0, maxModelLength);
  }
}
