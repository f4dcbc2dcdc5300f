import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

/** What the stand-in sends back: its pieces in turn, each in a network chunk of its own, and then how it ends. */
export interface FakeReply {
  readonly status?: number;
  /** Default `application/json; charset=utf-8`, as Ollama's own. */
  readonly contentType?: string;
  readonly pieces: readonly (string | Uint8Array)[];
  /** `die` cuts the connection, `stay` leaves the answer open until the caller goes; default `end`. */
  readonly ending?: 'end' | 'die' | 'stay';
  readonly delayMilliseconds?: number;
}

/** A chat request as it came in over the wire. */
export interface FakeChatRequest {
  readonly model: string;
  readonly stream?: boolean;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
}

/** What the stand-in answers, by route; a route left out is one Ollama's router does not know. */
export interface FakeRoutes {
  readonly chat?: (request: FakeChatRequest) => FakeReply;
  readonly version?: FakeReply;
  readonly tags?: FakeReply;
  readonly ps?: FakeReply;
}

/** A running stand-in. */
export interface FakeOllama {
  readonly url: string;
  /** The chat requests that came in. */
  readonly asked: readonly FakeChatRequest[];
  /** The headers of all requests that came in. */
  readonly headers: readonly IncomingMessage['headers'][];
  /** How many answers the callers left before their end. */
  abandoned(): number;
  close(): Promise<void>;
}

/** A JSON answer in one piece. */
export function json(value: unknown, status = 200): FakeReply {
  return { status, pieces: [JSON.stringify(value)] };
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
  return [...lines, final].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** A streamed answer. */
export function streamed(pieces: FakeReply['pieces'], ending: FakeReply['ending'] = 'end'): FakeReply {
  return { contentType: 'application/x-ndjson', pieces, ending };
}

/**
 * Starts a server on a free loopback port that stands in for Ollama, which cannot run in the suite: its models weigh
 * hundreds of megabytes, and it neither breaks off nor misbehaves on request. It speaks Ollama's wire format.
 */
export async function startFakeOllama(routes: FakeRoutes): Promise<FakeOllama> {
  const asked: FakeChatRequest[] = [];
  const headers: IncomingMessage['headers'][] = [];
  let abandoned = 0;

  const replyTo = async (request: IncomingMessage): Promise<FakeReply> => {
    const notFound: FakeReply = { status: 404, contentType: 'text/plain', pieces: ['404 page not found'] };
    switch (`${request.method} ${request.url}`) {
      case 'POST /api/chat': {
        const chat = JSON.parse(await bodyOf(request)) as FakeChatRequest;
        asked.push(chat);
        return routes.chat?.(chat) ?? notFound;
      }
      case 'GET /api/version':
        return routes.version ?? notFound;
      case 'GET /api/tags':
        return routes.tags ?? notFound;
      case 'GET /api/ps':
        return routes.ps ?? notFound;
      default:
        return notFound;
    }
  };

  const server = createServer(async (request, response) => {
    headers.push(request.headers);
    response.on('close', () => {
      if (!response.writableFinished) abandoned += 1;
    });
    await send(await replyTo(request), response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    headers,
    abandoned: () => abandoned,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}

async function send(reply: FakeReply, response: ServerResponse): Promise<void> {
  const { status = 200, contentType = 'application/json; charset=utf-8', pieces, ending = 'end' } = reply;
  if (reply.delayMilliseconds !== undefined) await sleep(reply.delayMilliseconds, undefined, { ref: false });
  response.writeHead(status, { 'Content-Type': contentType });
  for (const piece of pieces) {
    response.write(piece);
    await nextTurn();
  }
  if (ending === 'end') response.end();
  if (ending === 'die') response.destroy();
}
