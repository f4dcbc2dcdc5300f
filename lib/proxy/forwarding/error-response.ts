import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';

/** An error response of the proxy itself. */
export interface ErrorResponse {
  readonly status: number;
  /** The problem and how to fix it, in one line. */
  readonly message: string;
  /** The error type of OpenAI. */
  readonly type: string;
  /** The error code of OpenAI, if any. */
  readonly code?: string;
  /** Whole seconds after which the client may retry. */
  readonly retryAfterSeconds?: number | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Maximum number of bytes of a rejected request's body that the proxy reads and discards. Many clients read the
 * response only after they have sent the complete body.
 */
const maxDrainedBytes = 1024 * 1024;

/**
 * Sends an error response in OpenAI's error format if the path has a segment `v1`, otherwise in Ollama's.
 *
 * Sources: https://platform.openai.com/docs/guides/error-codes and https://docs.ollama.com/api/errors.
 */
export function sendError(request: IncomingMessage, response: ServerResponse, errorResponse: ErrorResponse): void {
  const { status, message, type, code = null, retryAfterSeconds, headers } = errorResponse;
  const isOpenAI = /^\/(?:[^?]*\/)?v1(?:[/?]|$)/.test(request.url ?? '');
  const error = isOpenAI ? { message, type, param: null, code } : message;
  const body = Buffer.from(JSON.stringify({ error }));
  response.sendDate = true;
  // Set the status text, because Node may have kept the text of a response that could not be forwarded.
  response.writeHead(status, STATUS_CODES[status] ?? '', {
    'Content-Type': 'application/json',
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
    ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) }),
    ...headers,
  });
  response.end(body);
  if (!request.complete) drain(request);
}

function drain(request: IncomingMessage): void {
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxDrainedBytes) request.socket.destroy();
  });
  request.resume();
}
