import type { IncomingMessage } from 'node:http';
import { type FakeReply, type FakeServer, json, startFakeServer } from './fake-server.js';

export { type FakeReply, json };

/** The body of a received chat request. */
export interface FakeChatRequest {
  readonly model: string;
  readonly stream?: boolean;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly options?: Readonly<Record<string, unknown>>;
  readonly format?: unknown;
  readonly keep_alive?: unknown;
}

/** The responses by route. A route without a response returns 404, as Ollama does for unknown routes. */
export interface FakeRoutes {
  readonly chat?: (request: FakeChatRequest) => FakeReply;
  readonly embed?: (request: Readonly<Record<string, unknown>>) => FakeReply;
  readonly pull?: (request: Readonly<Record<string, unknown>>) => FakeReply;
  readonly version?: FakeReply;
  readonly tags?: FakeReply;
  readonly ps?: FakeReply;
}

/** A running fake server. */
export interface FakeOllama extends FakeServer {
  /** The received chat requests. */
  readonly asked: readonly FakeChatRequest[];
}

/** Ollama's response for an unknown model. */
export function modelMissing(model: string): FakeReply {
  return json({ error: `model '${model}' not found` }, 404);
}

/** The lines of a chat response: one for each text, then a last object with the fields in `last`. */
export function chatLines(texts: readonly string[], last: Readonly<Record<string, unknown>> = {}): string {
  const head = { model: 'qwen2.5:0.5b', created_at: '2026-01-01T00:00:00.000000001Z' };
  const lines = texts.map((content) => ({ ...head, message: { role: 'assistant', content }, done: false }));
  const final = { ...head, message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop', ...last };
  return linesOf([...lines, final]);
}

/** Objects as JSON lines. */
export function linesOf(objects: readonly unknown[]): string {
  return objects.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** A streamed response. */
export function streamed(pieces: FakeReply['pieces'], ending: FakeReply['ending'] = 'end'): FakeReply {
  return { contentType: 'application/x-ndjson', pieces, ending };
}

/**
 * Starts a fake Ollama on a free loopback port. It uses Ollama's wire format. The real Ollama, which
 * spec/e2e/ollama.spec.ts tests, takes seconds per response, and it cannot be made to fail or to break off.
 */
export async function startFakeOllama(routes: FakeRoutes): Promise<FakeOllama> {
  const asked: FakeChatRequest[] = [];
  const server = await startFakeServer(({ method, url }: IncomingMessage, body) => {
    switch (`${method} ${url}`) {
      case 'POST /api/chat': {
        const chat = JSON.parse(body) as FakeChatRequest;
        asked.push(chat);
        return routes.chat?.(chat);
      }
      case 'POST /api/embed':
        return routes.embed?.(JSON.parse(body));
      case 'POST /api/pull':
        return routes.pull?.(JSON.parse(body));
      case 'GET /api/version':
        return routes.version;
      case 'GET /api/tags':
        return routes.tags;
      case 'GET /api/ps':
        return routes.ps;
      default:
        return undefined;
    }
  });
  return { ...server, asked };
}
