import type { CorpusApi, CorpusCase } from './corpus-case.js';

/** A request and its response as they are sent over the network. */
export interface Exchange {
  readonly path: string;
  readonly request: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const paths: Partial<Record<CorpusApi, string>> = {
  'ollama-chat': '/api/chat',
  'ollama-generate': '/api/generate',
  'ollama-embed': '/api/embed',
  'openai-chat': '/v1/chat/completions',
  'openai-completions': '/v1/completions',
  'openai-embeddings': '/v1/embeddings',
  'openai-responses': '/v1/responses',
  'anthropic-messages': '/v1/messages',
  'anthropic-count-tokens': '/v1/messages/count_tokens',
};

/** The exchange of a case. Undefined if the case contains values of a library instead of a network protocol. */
export function exchangeOf(one: CorpusCase): Exchange | undefined {
  const path = one.api === 'gemini' ? geminiPath(one) : paths[one.api];
  // The SDK's objects differ from the server's response.
  if (path === undefined || one.name.startsWith('SDK')) return undefined;
  const isStreamed = one.chunks !== undefined;
  const lines = one.api.startsWith('ollama');
  const usual = isStreamed ? (lines ? 'application/x-ndjson' : 'text/event-stream') : 'application/json';
  const type = one.contentType === undefined ? usual : one.contentType;
  return {
    path,
    request: JSON.stringify({ model: 'm', stream: isStreamed, ...choicesOf(one) }),
    status: one.status ?? 200,
    headers: type === null ? {} : { 'content-type': type },
    body: Buffer.from(one.body ?? bodyOf(one, lines)),
  };
}

/** The option `n` of the request, from the number of choices in a streamed response of OpenAI's API. */
function choicesOf({ chunks = [] }: CorpusCase): { readonly n?: number } {
  const indexes = chunks.flatMap((chunk) => {
    const { choices } = chunk as { readonly choices?: unknown };
    return Array.isArray(choices) ? choices.map((choice) => Number(choice?.index ?? 0)) : [];
  });
  const n = Math.max(0, ...indexes) + 1;
  return n > 1 ? { n } : {};
}

function geminiPath({ name, chunks }: CorpusCase): string {
  if (/countTokens/.test(name)) return '/v1beta/models/m:countTokens';
  if (/embed/i.test(name)) return '/v1beta/models/m:embedContent';
  return `/v1beta/models/m:${chunks === undefined ? 'generateContent' : 'streamGenerateContent?alt=sse'}`;
}

function bodyOf({ api, whole, chunks = [], doneMark }: CorpusCase, lines: boolean): string {
  if (whole !== undefined) return JSON.stringify(whole);
  if (lines) return chunks.map((chunk) => `${JSON.stringify(chunk)}\n`).join('');
  const isNamed = api === 'anthropic-messages' || api === 'openai-responses';
  const hasMark = doneMark ?? (api === 'openai-chat' || api === 'openai-completions');
  return chunks.map((chunk) => eventOf(chunk, isNamed)).join('') + (hasMark ? 'data: [DONE]\n\n' : '');
}

function eventOf(chunk: object, isNamed: boolean): string {
  const { type } = chunk as { readonly type?: unknown };
  return `${isNamed && typeof type === 'string' ? `event: ${type}\n` : ''}data: ${JSON.stringify(chunk)}\n\n`;
}
