import { AsyncResource } from 'node:async_hooks';
import { within } from './within.js';

/** Starts work that yields pieces. The work should end early when its signal aborts. */
export type FlightWork<Piece> = (signal: AbortSignal) => AsyncIterable<Piece>;

/** How long the last reader waits for abandoned work to end, in milliseconds. */
const abandonMilliseconds = 100;

/**
 * Work that several readers share: one run for all of them ("single flight"). Each reader receives all pieces from the
 * beginning.
 *
 * The fastest reader determines the pace of the work. When the last reader leaves, the work is aborted.
 *
 * The work runs in the context (`AsyncLocalStorage`) of the reader that started it, whichever reader continues it. So its
 * metrics have the labels of that reader.
 */
export class Flight<Piece> {
  readonly #controller = new AbortController();
  readonly #context = new AsyncResource('tinyllm.flight');
  readonly #source: AsyncIterator<Piece>;
  readonly #pieces: Piece[] = [];
  readonly #onEnd: () => void;
  #readers = 0;
  #ended = false;
  /**
   * A promise for the next piece: true if the piece arrived, false if there are no more pieces. Rejects with the error
   * of the work. Undefined while no reader waits. When the work has ended, this field keeps its promise.
   */
  #next: Promise<boolean> | undefined;

  /** @param onEnd Called once, when no reader can join any more: the work has ended, or the last reader has left. */
  constructor(work: FlightWork<Piece>, onEnd: () => void) {
    this.#onEnd = onEnd;
    this.#source = work(this.#controller.signal)[Symbol.asyncIterator]();
  }

  /** Yields all pieces. Throws the error of the work, or the signal's reason. The signal ends only this reader. */
  async *read(signal?: AbortSignal): AsyncGenerator<Piece, void, undefined> {
    this.#readers++;
    try {
      for (let index = 0; ; index++) {
        signal?.throwIfAborted();
        if (index === this.#pieces.length && !(await unlessAborted(this.#pull(), signal))) return;
        yield this.#pieces[index] as Piece;
      }
    } finally {
      this.#readers--;
      if (this.#readers === 0 && !this.#ended) await this.#abandon(signal?.aborted ? signal.reason : undefined);
    }
  }

  #pull(): Promise<boolean> {
    if (this.#next !== undefined) return this.#next;
    const next = this.#advance();
    this.#next = next;
    // If all readers have left, nobody handles the rejection.
    next.catch(() => undefined);
    return next;
  }

  async #advance(): Promise<boolean> {
    let result: IteratorResult<Piece>;
    try {
      result = await this.#context.runInAsyncScope(() => this.#source.next());
    } catch (error) {
      this.#end();
      throw error;
    }
    if (result.done === true) {
      this.#end();
      return false;
    }
    this.#pieces.push(result.value);
    this.#next = undefined;
    return true;
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#onEnd();
  }

  /** Aborts the work and waits briefly for its end, so that its metrics are complete when the reader continues. */
  async #abandon(reason: unknown): Promise<void> {
    this.#end();
    this.#controller.abort(reason);
    const ended = Promise.resolve(this.#context.runInAsyncScope(() => this.#source.return?.())).catch(() => undefined);
    await within(abandonMilliseconds, ended);
  }
}

/** Waits for a promise. Rejects with the signal's reason on abort. */
async function unlessAborted<Result>(promise: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (signal === undefined) return promise;
  // The work has already started, and may have aborted the signal. A listener that is added after the abort is never
  // called, so check the signal first.
  signal.throwIfAborted();
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
