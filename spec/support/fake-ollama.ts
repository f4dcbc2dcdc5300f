import type { IncomingMessage } from 'node:http';
import { type FakeReply, type FakeServer, json, startFakeServer } from './fake-server.js';

export { type FakeReply, json };

/** A chat request as it came in over the wire. */
export interface FakeChatRequest {
  readonly model: string;
  readonly stream?: boolean;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly options?: Readonly<Record<string, unknown>>;
  readonly format?: unknown;
  readonly keep_alive?: unknown;
}

/** What the stand-in answers, by route; a route left out is one Ollama's router does not know. */
export interface FakeRoutes {
  readonly chat?: (request: FakeChatRequest) => FakeReply;
  readonly embed?: (request: Readonly<Record<string, unknown>>) => FakeReply;
  readonly pull?: (request: Readonly<Record<string, unknown>>) => FakeReply;
  readonly version?: FakeReply;
  readonly tags?: FakeReply;
  readonly ps?: FakeReply;
}

/** A running stand-in. */
export interface FakeOllama extends FakeServer {
  /** The chat requests that came in. */
  readonly asked: readonly FakeChatRequest[];
}

/** Ollama's own answer for a model it does not have. */
export function modelMissing(model: string): FakeReply {
  return json({ error: `model '${model}' not found` }, 404);
}

/** The lines of a chat answer: one for each text, then the last object with what it carries. */
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

/** A streamed answer. */
export function streamed(pieces: FakeReply['pieces'], ending: FakeReply['ending'] = 'end'): FakeReply {
  return { contentType: 'application/x-ndjson', pieces, ending };
}

/**
 * Starts a server on a free loopback port that replaces Ollama and speaks its wire format. The real Ollama, which
 * spec/e2e/ollama.spec.ts tests, takes seconds per answer, and neither breaks off nor misbehaves on request.
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
