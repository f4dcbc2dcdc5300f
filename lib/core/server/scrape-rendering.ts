import { setImmediate as nextTurn } from 'node:timers/promises';
import { TinyLLMError } from '../errors/tinyllm-error.js';
import { monotonicClock } from '../metrics/timer.js';
import { compress } from './compress.js';
import type { OutstandingBytes } from './outstanding-bytes.js';
import type { ScrapeRequest } from './scrape-query.js';
import type { GatheredScrape, ScrapeSource } from './scrape-source.js';

/**
 * Bounds of the size up to which a body is rendered as a whole and shared, in bytes. Between them, it is the size of
 * the largest metric, so that a scrape needs at most about twice the memory of its largest metric.
 */
const sharedBytes = { min: 256 * 1024, max: 4 * 1024 * 1024 };

/** Memory in bytes for a body that is rendered while it is sent: waiting pieces, and the state of the compression. */
const streamBytes = { identity: 128 * 1024, gzip: 512 * 1024, zstd: 1024 * 1024 } as const;

/** The body of a scrape, for one client. */
export interface ScrapeBody {
  /** The whole body, or pieces that are rendered on demand. Each piece is valid until the next one is requested. */
  readonly content: Uint8Array | AsyncIterable<Uint8Array>;
  /** Call this when the body is sent or no longer needed. Repeated calls have no effect. */
  release(): void;
}

/** Options of a rendering. */
export interface ScrapeRenderingOptions {
  readonly source: ScrapeSource;
  readonly outstanding: OutstandingBytes;
}

/** There is not enough memory for a part of a scrape. */
class NoRoomError extends TinyLLMError {
  constructor() {
    super('There is not enough memory for a scrape. Scrape less often, or request fewer metrics with name[].');
  }
}

/** A body that is rendered while it is sent: the pieces rendered so far, and an iterator over the other pieces. */
interface PartialBody {
  readonly pieces: Buffer[];
  readonly rest: AsyncIterator<Buffer>;
}

/**
 * One rendering of a scrape, and the clients that wait for it.
 *
 * The metrics are gathered once. A body is rendered once for all clients if it has at most 256 KiB, or at most the size
 * of the largest metric, but never more than 4 MiB, and if there is enough memory. Otherwise, it is rendered for each
 * client in pieces, as fast as the client reads.
 */
export class ScrapeRendering {
  /** Settles when the body can be sent. */
  readonly rendered: Promise<void>;
  readonly #request: ScrapeRequest;
  readonly #source: ScrapeSource;
  readonly #outstanding: OutstandingBytes;
  readonly #settle: { readonly resolve: () => void; readonly reject: (error: unknown) => void };
  #clients = 0;
  #reserved = 0;
  #gathered: GatheredScrape | undefined;
  #whole: Buffer | undefined;
  #isStreamed = false;
  #started: PartialBody | undefined;

  constructor(request: ScrapeRequest, { source, outstanding }: ScrapeRenderingOptions) {
    this.#request = request;
    this.#source = source;
    this.#outstanding = outstanding;
    let [resolve, reject]: [() => void, (error: unknown) => void] = [() => {}, () => {}];
    this.rendered = new Promise<void>((...settle) => {
      [resolve, reject] = settle;
    });
    this.rendered.catch(() => {});
    this.#settle = { resolve, reject };
  }

  /** Adds a client that waits for the body. Each client must call {@link body} or {@link leave} once. */
  join(): void {
    this.#clients++;
  }

  /** Removes a client. When the last client leaves, the memory is released. */
  leave(): void {
    if (--this.#clients > 0) return;
    this.#outstanding.release(this.#reserved);
    this.#reserved = 0;
    void this.#started?.rest.return?.();
    [this.#gathered, this.#whole, this.#started] = [undefined, undefined, undefined];
  }

  /** Starts to gather and render. Calls `onRendered` when the next rendering can begin. */
  begin(onRendered: () => void): void {
    this.#render().then(this.#settle.resolve, this.#settle.reject).finally(onRendered);
  }

  /**
   * Returns the body for one client. Call it after {@link rendered} has resolved.
   *
   * @returns `undefined` if there is not enough memory. The client is then removed.
   */
  body(drop: () => void): ScrapeBody | undefined {
    const isWhole = this.#whole !== undefined;
    const own = isWhole ? 0 : streamBytes[this.#request.encoding];
    if ((!isWhole && this.#gathered === undefined) || !this.#outstanding.reserve(own)) {
      this.leave();
      return undefined;
    }
    let isReleased = false;
    const release = (): void => {
      if (isReleased) return;
      isReleased = true;
      exit();
      this.#outstanding.release(own);
      this.leave();
    };
    const exit = this.#outstanding.addHolder({
      drop: () => {
        release();
        drop();
      },
    });
    return { content: this.#whole ?? this.#stream(), release };
  }

  async #render(): Promise<void> {
    const gathered = await this.#source.gather(this.#request);
    if (!this.#outstanding.reserve(gathered.bytes)) return;
    this.#reserved = gathered.bytes;
    this.#gathered = gathered;
    try {
      await this.#renderPieces(gathered);
    } catch (error) {
      if (!(error instanceof NoRoomError)) throw error;
      this.#gathered = undefined;
    }
  }

  async #renderPieces(gathered: GatheredScrape): Promise<void> {
    const rest = this.#pieces(gathered)[Symbol.asyncIterator]();
    const maxSharedBytes = Math.min(sharedBytes.max, Math.max(sharedBytes.min, gathered.largestBytes));
    const pieces: Buffer[] = [];
    let length = 0;
    for (;;) {
      const { done, value } = await rest.next();
      if (done) break;
      pieces.push(Buffer.from(value));
      length += value.length;
      if (length > maxSharedBytes || !this.#outstanding.reserveOptional(value.length)) {
        this.#isStreamed = true;
        this.#started = { pieces, rest };
        return;
      }
      this.#reserved += value.length;
    }
    this.#whole = pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
    this.#gathered = undefined;
    this.#outstanding.release(gathered.bytes);
    this.#reserved -= gathered.bytes;
  }

  /** The body for one client. The first client continues the started body; the others start from the beginning. */
  async *#stream(): AsyncGenerator<Buffer, void, undefined> {
    const started = this.#started;
    const gathered = this.#gathered;
    this.#started = undefined;
    if (started !== undefined) {
      const { pieces, rest } = started;
      try {
        for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift()) yield piece;
        for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
      } finally {
        await rest.return?.();
      }
    } else if (gathered !== undefined) yield* this.#pieces(gathered);
  }

  #pieces(gathered: GatheredScrape): AsyncGenerator<Buffer, void, undefined> {
    const pieces = this.#timedPieces(gathered);
    const { encoding } = this.#request;
    return encoding === 'identity' ? inTurns(pieces) : compress(pieces, encoding);
  }

  /** Renders the pieces. After the last one, records the total time. */
  *#timedPieces(gathered: GatheredScrape): Generator<Buffer, void, undefined> {
    let { seconds } = gathered;
    let reserved = 0;
    const onGrow = (bytes: number): void => {
      if (!this.#outstanding.reserve(bytes, reserved)) throw new NoRoomError();
      reserved += bytes;
    };
    try {
      const pieces = this.#source.pieces(gathered, this.#request, onGrow);
      for (;;) {
        const started = monotonicClock();
        const { done, value } = pieces.next();
        seconds += monotonicClock() - started;
        if (done) break;
        yield value;
      }
    } finally {
      this.#outstanding.release(reserved);
    }
    this.#source.recordScrapes(seconds, this.#isStreamed ? 1 : this.#clients);
  }
}

/** Yields to the event loop after each piece. Omits empty pieces. */
async function* inTurns(pieces: Iterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  for (const piece of pieces) {
    if (piece.length > 0) yield piece;
    await nextTurn();
  }
}
