import { within } from './within.js';

/** Starts work that comes in pieces, and ends it early by its signal. */
export type FlightWork<Piece> = (signal: AbortSignal) => AsyncIterable<Piece>;

/** How long the last reader waits for abandoned work to end, in milliseconds. */
const grace = 100;

/**
 * One piece of work that several readers follow, each from its beginning.
 *
 * The work goes on as fast as the fastest reader reads. Each reader may leave; the work is aborted when the last one does.
 */
export class Flight<Piece> {
  readonly #controller = new AbortController();
  readonly #source: AsyncIterator<Piece>;
  readonly #pieces: Piece[] = [];
  readonly #onEnd: () => void;
  #readers = 0;
  #ended = false;
  /** Whether there is a next piece, once that is known; kept for good when there is none. */
  #next: Promise<boolean> | undefined;

  /** `onEnd` is called when nobody else can join: the work has ended, or the last reader has left. */
  constructor(work: FlightWork<Piece>, onEnd: () => void) {
    this.#onEnd = onEnd;
    this.#source = work(this.#controller.signal)[Symbol.asyncIterator]();
  }

  /** Gives all pieces. Throws what the work throws, and the signal's reason when that ends this reader. */
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
    // Readers that have left do not hear of a failure.
    next.catch(() => undefined);
    return next;
  }

  async #advance(): Promise<boolean> {
    let result: IteratorResult<Piece>;
    try {
      result = await this.#source.next();
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

  /** Waits a little, so that what the work counts as it ends is counted when its reader is told. */
  async #abandon(reason: unknown): Promise<void> {
    this.#end();
    this.#controller.abort(reason);
    const ended = Promise.resolve(this.#source.return?.()).catch(() => undefined);
    await within(grace, ended);
  }
}

/** Waits, but not past the signal. */
async function unlessAborted<Result>(promise: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (signal === undefined) return promise;
  // What is waited for may have been what aborted it.
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
