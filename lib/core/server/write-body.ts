import type { ServerResponse } from 'node:http';

/** Bytes, or characters of a text, handed to a response at a time: 64 Ki. */
const chunkLength = 64 * 1024;

/** How long a reader may take. */
export interface WriteBodyOptions {
  /** For each piece of 64 Ki, in milliseconds; default 30 s. */
  readonly stallMilliseconds?: number;
}

/**
 * Writes the body of a response and ends it, as fast as its reader takes it and no faster.
 *
 * One piece of 64 Ki at a time waits in memory for a reader, beside the body itself. A reader who does not take a piece
 * in time is disconnected. The next piece of an iterable is asked for when the one before is sent, so that both can use
 * the same memory. Resolves to whether all of the body was handed over; rejects only if the iterable does.
 */
export async function writeBody(
  response: ServerResponse,
  body: string | Uint8Array | AsyncIterable<Uint8Array>,
  { stallMilliseconds = 30_000 }: WriteBodyOptions = {},
): Promise<boolean> {
  const watch = new ReaderWatch(response, stallMilliseconds);
  if (response.req.method !== 'HEAD') {
    const isIterated = typeof body === 'object' && Symbol.asyncIterator in body;
    for await (const chunk of isIterated ? body : chunksOf(body)) {
      if (response.destroyed) return false;
      if (isIterated) {
        if (!(await watch.untilSent(chunk))) return false;
      } else if (!response.write(chunk) && !(await watch.until('drain'))) return false;
    }
  }
  if (response.destroyed) return false;
  response.end();
  return response.writableFinished || watch.until('finish');
}

function* chunksOf(body: string | Uint8Array): Generator<string | Uint8Array, void, undefined> {
  for (let start = 0, end = 0; start < body.length; start = end) {
    end = chunkEnd(body, start);
    yield typeof body === 'string' ? body.slice(start, end) : body.subarray(start, end);
  }
}

/** A text is never cut within a pair of surrogates, which are one character in UTF-8. */
function chunkEnd(body: string | Uint8Array, start: number): number {
  const end = start + chunkLength;
  if (typeof body !== 'string' || end >= body.length) return end;
  const last = body.charCodeAt(end - 1);
  return last >= 0xd800 && last < 0xdc00 ? end + 1 : end;
}

class ReaderWatch {
  readonly #response: ServerResponse;
  readonly #milliseconds: number;

  constructor(response: ServerResponse, milliseconds: number) {
    this.#response = response;
    this.#milliseconds = milliseconds;
  }

  /** Waits for the reader; false when the connection is gone, if need be because it was cut here. */
  until(event: 'drain' | 'finish'): Promise<boolean> {
    return this.#wait((onTaken) => {
      this.#response.on(event, onTaken);
      return () => this.#response.off(event, onTaken);
    });
  }

  /** Writes a piece and waits until the system has taken it; false when the connection is gone. */
  untilSent(piece: string | Uint8Array): Promise<boolean> {
    return this.#wait((onTaken) => {
      this.#response.write(piece, (error) => {
        if (!error) onTaken();
      });
      return () => {};
    });
  }

  #wait(listen: (onTaken: () => void) => () => void): Promise<boolean> {
    const response = this.#response;
    return new Promise((resolve) => {
      const settle = (taken: boolean): void => {
        clearTimeout(timer);
        unlisten();
        response.off('close', onClose);
        resolve(taken);
      };
      const onClose = (): void => settle(response.writableFinished);
      const timer = setTimeout(() => response.destroy(), this.#milliseconds);
      response.on('close', onClose);
      const unlisten = listen(() => settle(true));
    });
  }
}
