import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import type { SegmentFollower } from '../aggregation/thread-segments.js';
import { ListenError } from '../errors/errors.js';
import { TinyLLMError } from '../errors/tinyllm-error.js';
import type { FromScrapeThread, ListenAddress, ToScrapeThread } from './scrape-protocol.js';
import type { ScrapeQuery } from './scrape-query.js';
import type { ScrapeWorkerCode } from './scrape-worker-code.js';

/** The options of a scrape thread. */
export interface ScrapeThreadOptions {
  readonly address: ListenAddress;
  /**
   * Renders the application's prom-client metrics.
   *
   * Calls `onDelay` if the rendering must wait or takes longer than a time slice of 5 ms.
   */
  readonly foreignContent: (query: ScrapeQuery, onDelay: () => void) => Promise<Uint8Array>;
  /** Requests the current values of the workers of the cluster. */
  readonly refresh: () => Promise<void>;
  /** Called after each completed scrape with its start time, in Unix milliseconds. */
  readonly onScrape: (began: number) => void;
  /** Called for each started scrape thread. Pass all segments (the shared memory with the metrics) to this thread. */
  readonly onStart: (thread: SegmentFollower) => void;
  /** Called when a scrape thread has ended for any reason. */
  readonly onEnd: (thread: SegmentFollower) => void;
  /** Called with the error of a crashed scrape thread, before the next one starts, and with other problems. */
  readonly onProblem: (error: Error) => void;
  /** Called for each crash of a scrape thread. */
  readonly onCrash: () => void;
}

/** Controls the scrape thread from the main thread. Restarts it after a crash. */
export class ScrapeThread {
  #worker: Worker | undefined;
  #port: number;
  #closing = false;
  #closed: Promise<void> | undefined;
  /** Called when the thread has ended. */
  #onClosed: (() => void) | undefined;
  #restart: NodeJS.Timeout | undefined;
  readonly #delay = new RestartDelay();
  /** When the current thread started to listen, in milliseconds of `performance.now()`; `undefined` before that. */
  #listensSince: number | undefined;

  constructor(private readonly options: ScrapeThreadOptions) {
    this.#port = options.address.port;
  }

  /**
   * Starts the thread and returns the port on which it listens.
   *
   * @throws {ListenError} if the server cannot listen on the address.
   */
  async start(): Promise<number> {
    this.#port = await this.#run();
    return this.#port;
  }

  /** Stops the thread after responses in progress have finished. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#restart);
    const worker = this.#worker;
    if (worker === undefined) return;
    await new Promise<void>((resolve) => {
      this.#onClosed = resolve;
      worker.postMessage({ type: 'close' } satisfies ToScrapeThread);
    });
  }

  /** Starts one thread. Resolves to its port when it listens. Rejects if it ends before that. */
  async #run(): Promise<number> {
    const { address, onStart, onEnd } = this.options;
    // Import this large module only in applications that serve metrics.
    const { scrapeWorkerCode } = await import('./scrape-worker-code.js');
    if (this.#closing) throw new TinyLLMError('The metrics server was closed before it was ready.');
    const worker = startWorker(scrapeWorkerCode);
    this.#worker = worker;
    this.#listensSince = undefined;
    const send = (message: ToScrapeThread): void => worker.postMessage(message);
    const follower: SegmentFollower = {
      add: (number, buffer, index) => send({ type: 'segment', number, buffer, index }),
      retire: (number) => send({ type: 'retire', number }),
    };
    const listening = new Promise<number>((resolve, reject) => {
      let failure = new Error('the scrape thread ended');
      const onExit = (): void => {
        if (this.#worker !== worker) return;
        this.#worker = undefined;
        onEnd(follower);
        this.#onClosed?.();
        if (this.#listensSince !== undefined && !this.#closing) this.#crashed(failure);
        reject(failure);
      };
      worker.on('message', async (message: FromScrapeThread) => {
        switch (message.type) {
          case 'listening':
            this.#listensSince = performance.now();
            resolve(message.port);
            break;
          case 'listen-failed':
            failure = new ListenError(address.host, this.#port, message.message);
            await worker.terminate();
            onExit();
            break;
          case 'closed':
            await worker.terminate();
            onExit();
            break;
          default:
            await this.#handleRequest(message, send).catch(this.options.onProblem);
        }
      });
      worker.on('error', (error) => {
        failure = this.#listensSince === undefined ? cannotStart(error) : error;
      });
      worker.once('exit', onExit);
    });
    try {
      onStart(follower);
      send({ type: 'listen', address: { ...address, port: this.#port } });
    } catch (error) {
      listening.catch(() => undefined);
      await worker.terminate();
      throw error;
    }
    return listening;
  }

  async #handleRequest(message: FromScrapeThread, send: (reply: ToScrapeThread) => void): Promise<void> {
    const { foreignContent, refresh, onProblem, onScrape } = this.options;
    switch (message.type) {
      case 'foreign': {
        const { requestId, query } = message;
        const onDelay = (): void => send({ type: 'foreign-delayed', requestId });
        send({ type: 'foreign', requestId, content: await foreignContent(query, onDelay) });
        break;
      }
      case 'refresh':
        await refresh();
        send({ type: 'refreshed', requestId: message.requestId });
        break;
      case 'problem':
        onProblem(new TinyLLMError(message.message));
        break;
      case 'scraped':
        onScrape(message.began);
    }
  }

  #crashed(error: Error): void {
    const upMilliseconds = this.#listensSince === undefined ? 0 : performance.now() - this.#listensSince;
    this.options.onCrash();
    this.#restart = setTimeout(async () => {
      try {
        await this.#run();
      } catch (failure) {
        if (!this.#closing) this.#crashed(failure as Error);
      }
    }, this.#delay.after(upMilliseconds));
    this.options.onProblem(error);
  }
}

function startWorker({ code, options }: ScrapeWorkerCode): Worker {
  try {
    return new Worker(code, { ...options, name: 'tinyllm-scrape' });
  } catch (cause) {
    throw cannotStart(cause);
  }
}

function cannotStart(cause: unknown): TinyLLMError {
  const reason = (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '');
  const advice = 'Allow worker threads, or pass `thread: false` to serve the metrics from the main thread.';
  return new TinyLLMError(`The scrape thread cannot start: ${reason}. ${advice}`, { cause });
}

/** The first delay, the longest delay, and the uptime that resets the delay to the first one. */
const MILLISECONDS = { first: 50, longest: 5_000, steady: 10_000 };

/**
 * The delay between a crash and the restart. It starts at 50 ms and doubles with each crash, up to 5 s.
 *
 * After an uptime of at least 10 s, it starts at 50 ms again.
 */
export class RestartDelay {
  #next = MILLISECONDS.first;

  /** Returns the delay after a crash, in milliseconds. `upMilliseconds` is the uptime before the crash. */
  after(upMilliseconds: number): number {
    if (upMilliseconds >= MILLISECONDS.steady) this.#next = MILLISECONDS.first;
    const delay = this.#next;
    this.#next = Math.min(delay * 2, MILLISECONDS.longest);
    return delay;
  }
}
