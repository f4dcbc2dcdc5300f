import { setTimeout as wait } from 'node:timers/promises';
import type PQueue from 'p-queue';
import type { MetricsCollector } from 'tinyllm';
import { getMetricsCollector } from 'tinyllm';
import { QueueClosedError, QueueFullError } from '../errors/queue-errors.js';
import { atLeastOne } from './at-least-one.js';
import type { AddOptions, CloseOptions, JobQueue } from './job-queue.js';
import { type Priority, priorities } from './priority.js';
import { QueueMetrics } from './queue-metrics.js';
import { QueuedJob } from './queued-job.js';
import { startWindow } from './start-window.js';

/** A job of a queue in this process: it works until it is done, or until the signal ends it early. */
export type Work<Result> = (signal: AbortSignal) => Result | Promise<Result>;

/** How a queue in this process works. */
export interface InProcessQueueOptions {
  /** The most jobs that run at a time; default 1. */
  readonly workers?: number | undefined;
  /** The most jobs that wait; default 100. */
  readonly capacity?: number | undefined;
  /** The most jobs that start in a second, spread evenly; default any number. */
  readonly startsPerSecond?: number | undefined;
  /** Where to count; default the process's own. */
  readonly collector?: MetricsCollector;
  /** Seconds on a clock that never goes back; default the process's own. */
  readonly clock?: () => number;
}

/**
 * A bounded queue of functions, run by a number of workers in this process.
 *
 * A job that is aborted keeps its worker until it really ends: more than the workers never run at a time.
 */
export class InProcessQueue<Result> implements JobQueue<Work<Result>, Result> {
  readonly capacity: number;
  /** What waits here has not been taken yet; what runs here has, and waits or runs in the other. */
  readonly #room: PQueue;
  readonly #workers: PQueue;
  readonly #jobs = new Set<QueuedJob>();
  readonly #metrics: QueueMetrics;
  readonly #clock: () => number;
  #takes = true;
  #held: number;

  /** Opens a queue. Throws a `QueueConfigurationError` for numbers it cannot work with. */
  static async open<Result>(options: InProcessQueueOptions = {}): Promise<InProcessQueue<Result>> {
    const { default: Queue } = await import('p-queue');
    return new InProcessQueue<Result>(options, Queue);
  }

  private constructor(options: InProcessQueueOptions, Queue: typeof PQueue) {
    const { workers = 1, capacity = 100, startsPerSecond, collector = getMetricsCollector() } = options;
    this.capacity = atLeastOne('capacity', capacity);
    this.#room = new Queue({ concurrency: capacity });
    this.#workers = new Queue({
      concurrency: atLeastOne('workers', workers),
      ...(startsPerSecond === undefined ? {} : startWindow(startsPerSecond)),
    });
    this.#clock = options.clock ?? (() => performance.now() / 1000);
    this.#metrics = new QueueMetrics(collector);
    this.#held = capacity;
    this.#metrics.capacityChanged(capacity);
  }

  async add(work: Work<Result>, options: AddOptions = {}): Promise<Result> {
    const { priority = 'normal', signal, whenFull = 'reject' } = options;
    if (!this.#takes) throw new QueueClosedError();
    signal?.throwIfAborted();
    if (whenFull === 'reject' && this.#isFull) {
      this.#metrics.rejected();
      throw new QueueFullError(this.capacity);
    }
    const arrived = this.#clock();
    const job = new QueuedJob(signal);
    this.#jobs.add(job);
    try {
      const order = { priority: -priorities.indexOf(priority), signal: job.leaving };
      return await this.#room.add(async () => {
        this.#metrics.taken(priority);
        this.#metrics.waits(priority);
        let waits = true;
        const waitsNoLonger = (): void => {
          if (waits) this.#metrics.waitsNoLonger(priority);
          waits = false;
        };
        try {
          return await this.#workers.add(() => {
            waitsNoLonger();
            return this.#run(work, { job, priority, waitSeconds: this.#clock() - arrived });
          }, order);
        } finally {
          waitsNoLonger();
        }
      }, order);
    } finally {
      job.end();
      this.#jobs.delete(job);
    }
  }

  async drain(): Promise<void> {
    this.#takes = false;
    // The room runs empty last: what is in it waits for its worker.
    await this.#room.onIdle();
    await this.#workers.onIdle();
    this.#metrics.capacityChanged(-this.#held);
    this.#held = 0;
  }

  async close({ graceSeconds = 0 }: CloseOptions = {}): Promise<void> {
    this.#takes = false;
    const abort = (): void => {
      for (const job of this.#jobs) job.abort(new QueueClosedError());
    };
    for (const job of [...this.#jobs].filter(({ runs }) => !runs)) job.abort(new QueueClosedError());
    const over = new AbortController();
    if (graceSeconds > 0) {
      void wait(graceSeconds * 1000, undefined, { signal: over.signal }).then(abort, () => undefined);
    } else abort();
    await this.drain();
    over.abort();
  }

  get #isFull(): boolean {
    return this.#room.size > 0 || this.#room.pending >= this.#room.concurrency;
  }

  async #run(work: Work<Result>, { job, priority, waitSeconds }: Start): Promise<Result> {
    const signal = job.start();
    this.#metrics.waited(priority, waitSeconds);
    this.#metrics.started();
    this.#room.concurrency += 1;
    try {
      return await work(signal);
    } finally {
      this.#room.concurrency -= 1;
      this.#metrics.ended();
    }
  }
}

interface Start {
  readonly job: QueuedJob;
  readonly priority: Priority;
  readonly waitSeconds: number;
}
