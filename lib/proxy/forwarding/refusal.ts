import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';

/** An answer of the proxy's own. */
export interface Refusal {
  readonly status: number;
  /** What happened and what to do, in one line. */
  readonly message: string;
  /** OpenAI's word for the kind of error. */
  readonly type: string;
  /** OpenAI's code of the error, where it has one. */
  readonly code?: string;
  /** When to come again, in whole seconds. */
  readonly retryAfterSeconds?: number | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Bytes of a refused request that are read to its end, so that its client gets to read the answer. */
const readToTheEnd = 1024 * 1024;

/**
 * Answers in place of the upstream, in the shape of errors that the path's API has.
 *
 * Sources: https://platform.openai.com/docs/guides/error-codes and https://docs.ollama.com/api/errors.
 */
export function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const { status, message, type, code = null, retryAfterSeconds, headers } = refusal;
  const isOpenAI = /^\/(?:[^?]*\/)?v1(?:[/?]|$)/.test(request.url ?? '');
  const error = isOpenAI ? { message, type, param: null, code } : message;
  const body = Buffer.from(JSON.stringify({ error }));
  response.sendDate = true;
  // Not the one of an answer that could not be passed on, which Node may have kept.
  response.writeHead(status, STATUS_CODES[status] ?? '', {
    'Content-Type': 'application/json',
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
    ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) }),
    ...headers,
  });
  response.end(body);
  if (!request.complete) readOut(request);
}

function readOut(request: IncomingMessage): void {
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > readToTheEnd) request.socket.destroy();
  });
  request.resume();
}
