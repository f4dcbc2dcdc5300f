import { AsyncResource } from 'node:async_hooks';
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

/** A job of an in-process queue. It should end early when its signal aborts. */
export type Work<Result> = (signal: AbortSignal) => Result | Promise<Result>;

/** Options of an {@link InProcessQueue}. */
export interface InProcessQueueOptions {
  /** Maximum number of jobs that run at the same time. Default: 1. */
  readonly workers?: number | undefined;
  /** Maximum number of waiting jobs. Default: 100. */
  readonly capacity?: number | undefined;
  /** Maximum number of jobs that start per second, spread evenly. Default: no limit. */
  readonly startsPerSecond?: number | undefined;
  /** Records the metrics of the queue. Default: the shared collector. */
  readonly collector?: MetricsCollector;
  /** Returns the seconds of a monotonic clock. Default: `performance.now`. */
  readonly clock?: () => number;
}

/**
 * A bounded queue of functions, run by a fixed number of workers in this process.
 *
 * An aborted job keeps its worker until it has really ended. More jobs than workers therefore never run at the same
 * time. A job runs in the asynchronous context of its caller, so that it sees the caller's `AsyncLocalStorage`.
 */
export class InProcessQueue<Result> implements JobQueue<Work<Result>, Result> {
  readonly capacity: number;
  /**
   * Each accepted job is a running task of this p-queue (`pending` in its API) until the job has ended. The tasks that
   * wait in this p-queue (`size` in its API) are jobs that are not accepted yet: they wait for room.
   */
  readonly #accepted: PQueue;
  readonly #workers: PQueue;
  readonly #jobs = new Set<QueuedJob>();
  readonly #metrics: QueueMetrics;
  readonly #clock: () => number;
  #isOpen = true;
  #reportedCapacity: number;

  /** Opens a queue. Throws a `QueueConfigurationError` if an option is out of range. */
  static async open<Result>(options: InProcessQueueOptions = {}): Promise<InProcessQueue<Result>> {
    const { default: Queue } = await import('p-queue');
    return new InProcessQueue<Result>(options, Queue);
  }

  private constructor(options: InProcessQueueOptions, Queue: typeof PQueue) {
    const { workers = 1, capacity = 100, startsPerSecond, collector = getMetricsCollector() } = options;
    this.capacity = atLeastOne('capacity', capacity);
    this.#accepted = new Queue({ concurrency: capacity });
    this.#workers = new Queue({
      concurrency: atLeastOne('workers', workers),
      ...(startsPerSecond === undefined ? {} : startWindow(startsPerSecond)),
    });
    this.#clock = options.clock ?? (() => performance.now() / 1000);
    this.#metrics = new QueueMetrics(collector);
    this.#reportedCapacity = capacity;
    this.#metrics.capacityChanged(capacity);
  }

  async add(work: Work<Result>, options: AddOptions = {}): Promise<Result> {
    const { priority = 'normal', signal, whenFull = 'reject' } = options;
    if (!this.#isOpen) throw new QueueClosedError();
    signal?.throwIfAborted();
    if (whenFull === 'reject' && this.#isFull) {
      this.#metrics.rejected();
      throw new QueueFullError(this.capacity);
    }
    const arrived = this.#clock();
    const job = new QueuedJob(signal);
    // p-queue starts a job in the context of the job that ended before.
    const workInContext = AsyncResource.bind(work);
    this.#jobs.add(job);
    try {
      const order = { priority: -priorities.indexOf(priority), signal: job.waitingSignal };
      return await this.#accepted.add(async () => {
        this.#metrics.taken(priority);
        this.#metrics.waits(priority);
        let isWaiting = true;
        const waitEnded = (): void => {
          if (isWaiting) this.#metrics.waitsNoLonger(priority);
          isWaiting = false;
        };
        try {
          return await this.#workers.add(() => {
            waitEnded();
            return this.#run(workInContext, { job, priority, waitSeconds: this.#clock() - arrived });
          }, order);
        } finally {
          waitEnded();
        }
      }, order);
    } finally {
      job.end();
      this.#jobs.delete(job);
    }
  }

  async drain(): Promise<void> {
    this.#isOpen = false;
    // Each accepted job is a task of this p-queue until the job has ended.
    await this.#accepted.onIdle();
    await this.#workers.onIdle();
    this.#metrics.capacityChanged(-this.#reportedCapacity);
    this.#reportedCapacity = 0;
  }

  async close({ graceSeconds = 0 }: CloseOptions = {}): Promise<void> {
    this.#isOpen = false;
    const abort = (): void => {
      for (const job of this.#jobs) job.abort(new QueueClosedError('The queue was closed before the job ended.'));
    };
    for (const job of [...this.#jobs].filter(({ isRunning }) => !isRunning)) job.abort(new QueueClosedError());
    const closed = new AbortController();
    if (graceSeconds > 0) {
      void wait(graceSeconds * 1000, undefined, { signal: closed.signal }).then(abort, () => undefined);
    } else abort();
    await this.drain();
    closed.abort();
  }

  get #isFull(): boolean {
    return this.#accepted.size > 0 || this.#accepted.pending >= this.#accepted.concurrency;
  }

  async #run(work: Work<Result>, { job, priority, waitSeconds }: Start): Promise<Result> {
    const signal = job.start();
    this.#metrics.waited(priority, waitSeconds);
    this.#metrics.started();
    this.#accepted.concurrency += 1;
    try {
      return await work(signal);
    } finally {
      this.#accepted.concurrency -= 1;
      this.#metrics.ended();
    }
  }
}

interface Start {
  readonly job: QueuedJob;
  readonly priority: Priority;
  readonly waitSeconds: number;
}
