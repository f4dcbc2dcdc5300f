import { type ClientRequest, type IncomingMessage, request } from 'node:http';

/** What is asked of a server, by a client that adds nothing of its own. */
export interface RawQuestion {
  readonly method?: string;
  readonly path?: string;
  /** Names and values in turn; default `Host`. */
  readonly headers?: readonly string[];
  readonly body?: string | Uint8Array;
  readonly onRequest?: (request: ClientRequest) => void;
}

/** An answer to its last byte, as it came. */
export interface RawAnswer {
  readonly status: number | undefined;
  readonly statusText: string | undefined;
  /** Without those of the hop. */
  readonly headers: readonly string[];
  readonly body: Buffer;
  readonly trailers: readonly string[];
  /** Whether it came to its end. */
  readonly isWhole: boolean;
}

const ofTheHop = new Set(['connection', 'keep-alive', 'transfer-encoding', 'trailer']);

/** Asks over a connection of its own, and resolves with all of the answer, also when it was cut. */
export function askRaw(url: string, question: RawQuestion = {}): Promise<RawAnswer> {
  const { method = 'GET', path = '/', headers = ['Host', new URL(url).host], body } = question;
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, path, headers: [...headers], agent: false, maxHeaderSize: 128 * 1024 });
    asked.on('error', reject);
    asked.on('response', (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('error', () => {});
      answer.on('close', () => resolve(rawAnswer(answer, Buffer.concat(pieces))));
    });
    question.onRequest?.(asked);
    asked.end(body);
  });
}

function rawAnswer(answer: IncomingMessage, body: Buffer): RawAnswer {
  const { rawHeaders, rawTrailers: trailers, statusCode: status, statusMessage: statusText, complete } = answer;
  const headers = rawHeaders.filter((_, place) => !ofTheHop.has((rawHeaders[place - (place % 2)] ?? '').toLowerCase()));
  return { status, statusText, headers, body, trailers, isWhole: complete };
}
