import type { ServerResponse } from 'node:http';

/** The length of a piece: 64 Ki bytes, or 64 Ki characters of a text. */
const chunkLength = 64 * 1024;

/** Options of {@link writeBody}. */
export interface WriteBodyOptions {
  /** Timeout of the client for each piece of 64 Ki, in milliseconds; default 30 s. */
  readonly stallMilliseconds?: number;
}

/**
 * Writes the body of a response as fast as the client reads, and then ends the response.
 *
 * At most one piece of 64 Ki is buffered at a time. A client that does not read a piece in time is disconnected. The
 * next piece of an iterable is requested only after the previous piece is sent, so both pieces can use the same memory.
 * Resolves to whether the whole body was written. Rejects only if the iterable does.
 */
export async function writeBody(
  response: ServerResponse,
  body: string | Uint8Array | AsyncIterable<Uint8Array>,
  { stallMilliseconds = 30_000 }: WriteBodyOptions = {},
): Promise<boolean> {
  const client = new ClientTimeout(response, stallMilliseconds);
  if (response.req.method !== 'HEAD') {
    const isIterated = typeof body === 'object' && Symbol.asyncIterator in body;
    for await (const chunk of isIterated ? body : chunksOf(body)) {
      if (response.destroyed) return false;
      if (isIterated) {
        if (!(await client.untilSent(chunk))) return false;
      } else if (!response.write(chunk) && !(await client.until('drain'))) return false;
    }
  }
  if (response.destroyed) return false;
  response.end();
  return response.writableFinished || client.until('finish');
}

function* chunksOf(body: string | Uint8Array): Generator<string | Uint8Array, void, undefined> {
  for (let start = 0, end = 0; start < body.length; start = end) {
    end = chunkEnd(body, start);
    yield typeof body === 'string' ? body.slice(start, end) : body.subarray(start, end);
  }
}

/** Never splits a surrogate pair, which is one character in UTF-8. */
function chunkEnd(body: string | Uint8Array, start: number): number {
  const end = start + chunkLength;
  if (typeof body !== 'string' || end >= body.length) return end;
  const last = body.charCodeAt(end - 1);
  return last >= 0xd800 && last < 0xdc00 ? end + 1 : end;
}

/** Waits for the client of a response, and disconnects it on a timeout. */
class ClientTimeout {
  readonly #response: ServerResponse;
  readonly #milliseconds: number;

  constructor(response: ServerResponse, milliseconds: number) {
    this.#response = response;
    this.#milliseconds = milliseconds;
  }

  /** Waits for an event; false if the connection has closed, for example by the timeout. */
  until(event: 'drain' | 'finish'): Promise<boolean> {
    return this.#wait((onReady) => {
      this.#response.on(event, onReady);
      return () => this.#response.off(event, onReady);
    });
  }

  /** Writes a piece and waits until the operating system has accepted it; false if the connection has closed. */
  untilSent(piece: string | Uint8Array): Promise<boolean> {
    return this.#wait((onReady) => {
      this.#response.write(piece, (error) => {
        if (!error) onReady();
      });
      return () => {};
    });
  }

  #wait(listen: (onReady: () => void) => () => void): Promise<boolean> {
    const response = this.#response;
    return new Promise((resolve) => {
      const settle = (isReady: boolean): void => {
        clearTimeout(timer);
        unlisten();
        response.off('close', onClose);
        resolve(isReady);
      };
      const onClose = (): void => settle(response.writableFinished);
      const timer = setTimeout(() => response.destroy(), this.#milliseconds);
      response.on('close', onClose);
      const unlisten = listen(() => settle(true));
    });
  }
}
