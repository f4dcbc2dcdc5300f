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
  /** Renders the application's own metrics; calls `onDelay` if that has to wait, or takes several turns. */
  readonly foreignText: (query: ScrapeQuery, onDelay: () => void) => Promise<string>;
  /** Asks the workers of a cluster for their latest values. */
  readonly refresh: () => Promise<void>;
  readonly onScrape: (began: number) => void;
  /** Called with each thread that starts, which then needs all segments. */
  readonly onStart: (thread: SegmentFollower) => void;
  /** Called when a thread has ended, for whatever reason. */
  readonly onEnd: (thread: SegmentFollower) => void;
  /** Called with the error of a thread that crashed, before the next one starts, and with other problems. */
  readonly onProblem: (error: Error) => void;
  /** Called at each crash of a thread. */
  readonly onCrash: () => void;
}

/** The main thread's end of the thread that answers scrapes. */
export class ScrapeThread {
  #worker: Worker | undefined;
  #port: number;
  #closing = false;
  #closed: Promise<void> | undefined;
  /** Called when the thread has ended. */
  #onClosed: (() => void) | undefined;
  #restart: NodeJS.Timeout | undefined;
  readonly #delay = new RestartDelay();
  /** When the current thread began to listen, in milliseconds of `performance.now()`; undefined before. */
  #listensSince: number | undefined;

  constructor(private readonly options: ScrapeThreadOptions) {
    this.#port = options.address.port;
  }

  /**
   * Starts the thread; returns the port it listens on.
   *
   * @throws {ListenError} when the address cannot be listened on.
   */
  async start(): Promise<number> {
    this.#port = await this.#run();
    return this.#port;
  }

  /** Ends the thread after it has finished the responses in progress. */
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

  /** Runs one thread; resolves to its port when it listens, and rejects if it ends before. */
  async #run(): Promise<number> {
    const { address, onStart, onEnd } = this.options;
    // Large, and only needed by applications that serve metrics.
    const { scrapeWorkerCode } = await import('./scrape-worker-code.js');
    if (this.#closing) throw new TinyLLMError('The metrics server was closed while it started.');
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
          case 'refused':
            failure = new ListenError(address.host, this.#port, message.message);
            await worker.terminate();
            onExit();
            break;
          case 'closed':
            await worker.terminate();
            onExit();
            break;
          default:
            await this.#answer(message, send).catch(this.options.onProblem);
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

  async #answer(message: FromScrapeThread, send: (answer: ToScrapeThread) => void): Promise<void> {
    const { foreignText, refresh, onProblem, onScrape } = this.options;
    switch (message.type) {
      case 'foreign': {
        const { question, query } = message;
        const onDelay = (): void => send({ type: 'foreign-delayed', question });
        send({ type: 'foreign', question, text: await foreignText(query, onDelay) });
        break;
      }
      case 'refresh':
        await refresh();
        send({ type: 'refreshed', question: message.question });
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
  return new TinyLLMError(`The scrape thread cannot be started: ${reason}. ${advice}`, { cause });
}

/** In milliseconds: the first delay, the longest delay, and the uptime after which the delays start from the first again. */
const MILLISECONDS = { first: 50, longest: 5_000, steady: 10_000 };

/**
 * The delay before a restart after a crash: 50 ms at first, doubled at each further crash, up to 5 s.
 *
 * A crash after an uptime of 10 s or more starts from 50 ms again.
 */
export class RestartDelay {
  #next = MILLISECONDS.first;

  /** Returns the delay after a crash, in milliseconds. */
  after(upMilliseconds: number): number {
    if (upMilliseconds >= MILLISECONDS.steady) this.#next = MILLISECONDS.first;
    const delay = this.#next;
    this.#next = Math.min(delay * 2, MILLISECONDS.longest);
    return delay;
  }
}
