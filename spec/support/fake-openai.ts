import type { IncomingMessage } from 'node:http';
import { type FakeReply, type FakeServer, json, startFakeServer } from './fake-server.js';

/** The body of a request to an OpenAI-compatible server. */
export type FakeRequest = Readonly<Record<string, unknown>>;

/** The responses by route. A route without a response returns 404. */
export interface FakeOpenAIRoutes {
  readonly chat?: (request: FakeRequest) => FakeReply;
  readonly embeddings?: (request: FakeRequest) => FakeReply;
  readonly models?: FakeReply;
}

/** A running fake server. */
export interface FakeOpenAI extends FakeServer {
  /** The received chat requests. */
  readonly asked: readonly FakeRequest[];
}

const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_767_225_600, model: 'tiny' };

/** One event of a streamed response, as OpenAI frames it. */
export function event(fields: FakeRequest): string {
  return `data: ${JSON.stringify({ ...head, ...fields })}\n\n`;
}

/** The events of a chat response, as vLLM and OpenAI send them: role, texts, finish reason, usage if any, `[DONE]`. */
export function chatEvents(
  texts: readonly string[],
  usage: unknown = { prompt_tokens: 11, completion_tokens: 2 },
): string {
  const delta = (fields: FakeRequest, finish_reason: string | null = null): string =>
    event({ choices: [{ index: 0, delta: fields, logprobs: null, finish_reason }], usage: null });
  return [
    delta({ role: 'assistant', content: '' }),
    ...texts.map((content) => delta({ content })),
    delta({}, 'stop'),
    ...(usage === null ? [] : [event({ choices: [], usage })]),
    'data: [DONE]\n\n',
  ].join('');
}

/** A streamed response. */
export function sse(pieces: FakeReply['pieces'], ending: FakeReply['ending'] = 'end'): FakeReply {
  return { contentType: 'text/event-stream; charset=utf-8', pieces, ending };
}

/** An error response in OpenAI's format. */
export function errorResponse(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): FakeReply {
  return { ...json({ error: { message, type: 'invalid_request_error', param: null, code: null } }, status), headers };
}

/**
 * Starts a fake OpenAI-compatible server on a free loopback port. It uses the wire format of vLLM, llama.cpp's server
 * and OpenAI below `/v1`. The real servers cannot be made to fail.
 */
export async function startFakeOpenAI(routes: FakeOpenAIRoutes): Promise<FakeOpenAI> {
  const asked: FakeRequest[] = [];
  const server = await startFakeServer(({ method, url }: IncomingMessage, body) => {
    switch (`${method} ${url}`) {
      case 'POST /v1/chat/completions': {
        const chat = JSON.parse(body) as FakeRequest;
        asked.push(chat);
        return routes.chat?.(chat);
      }
      case 'POST /v1/embeddings':
        return routes.embeddings?.(JSON.parse(body));
      case 'GET /v1/models':
        return routes.models;
      default:
        return undefined;
    }
  });
  return { ...server, asked };
}
