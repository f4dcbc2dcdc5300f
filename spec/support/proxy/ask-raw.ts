import { type ClientRequest, type IncomingMessage, request } from 'node:http';

/** A request that is sent without additional headers. */
export interface RawRequest {
  readonly method?: string;
  readonly path?: string;
  /** Alternating names and values. Default: only `Host`. */
  readonly headers?: readonly string[];
  readonly body?: string | Uint8Array;
  readonly onRequest?: (request: ClientRequest) => void;
}

/** A response as it was received. */
export interface RawResponse {
  readonly status: number | undefined;
  readonly statusText: string | undefined;
  /** Alternating names and values, without hop-by-hop headers. */
  readonly headers: readonly string[];
  readonly body: Buffer;
  readonly trailers: readonly string[];
  /** Whether the response is complete. */
  readonly isWhole: boolean;
}

const hopByHop = new Set(['connection', 'keep-alive', 'transfer-encoding', 'trailer']);

/** Sends a request over a new connection. Resolves with the received part of the response if the connection is cut. */
export function askRaw(url: string, question: RawRequest = {}): Promise<RawResponse> {
  const { method = 'GET', path = '/', headers = ['Host', new URL(url).host], body } = question;
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, path, headers: [...headers], agent: false, maxHeaderSize: 128 * 1024 });
    asked.on('error', reject);
    asked.on('response', (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('error', () => {});
      answer.on('close', () => resolve(rawResponse(answer, Buffer.concat(pieces))));
    });
    question.onRequest?.(asked);
    asked.end(body);
  });
}

function rawResponse(answer: IncomingMessage, body: Buffer): RawResponse {
  const { rawHeaders, rawTrailers: trailers, statusCode: status, statusMessage: statusText, complete } = answer;
  const headers = rawHeaders.filter((_, place) => !hopByHop.has((rawHeaders[place - (place % 2)] ?? '').toLowerCase()));
  return { status, statusText, headers, body, trailers, isWhole: complete };
}
