import { setTimeout as wait } from 'node:timers/promises';
import type { CloseOptions } from '@tinyllm/resilience';
import { atLeastOne, QueueMetrics, startWindow } from '@tinyllm/resilience';
import type { Job as BullJob, Worker } from 'bullmq';
import type { MetricsCollector } from 'tinyllm';
import { getMetricsCollector } from 'tinyllm';
import { toFailedReason } from './failed-reason.js';
import { connectRedis, type RedisConnection } from './redis-connection.js';
import type { RedisConnectionOptions } from './redis-connection-options.js';
import { keyPrefix, priorityOf, queueName } from './redis-names.js';
import { lookPause, whileAnswering } from './while-answering.js';

/** Which queue a worker takes jobs from, and what it does with them. */
export interface RedisWorkerOptions<Job extends object, Result> extends RedisConnectionOptions {
  /** Does a job. The data may have been put there by anybody who can write to the Redis: check it. */
  readonly work: (job: Job, signal: AbortSignal) => Promise<Result>;
  /** The most jobs that run at a time; default 1. */
  readonly concurrency?: number | undefined;
  /** The most jobs that all workers of the queue start in a second; default any number. */
  readonly startsPerSecond?: number | undefined;
  /** Seconds of silence after which a worker's jobs go to others; default 30. */
  readonly stalledAfterSeconds?: number | undefined;
  /** Where to count; default the process's own. */
  readonly collector?: MetricsCollector;
}

/** How often the job of a worker that fell silent goes to another, before it is given up. */
const mostLosses = 3;
/** How long to wait before asking a Redis again that did not answer, in milliseconds. */
const retryPause = 1000;

/** Takes jobs from a queue in Redis, and does them. */
export class RedisWorker<Job extends object, Result> {
  readonly #connection: RedisConnection;
  readonly #metrics: QueueMetrics;
  readonly #options: RedisWorkerOptions<Job, Result>;
  readonly #handBack = new AbortController();
  #worker: Worker<Job, Result> | undefined;
  /** How many are under way. */
  #jobs = 0;

  /** Starts a worker. Throws what `connectRedis` throws, and a `QueueConfigurationError` for numbers out of range. */
  static async start<Job extends object, Result>(
    options: RedisWorkerOptions<Job, Result>,
  ): Promise<RedisWorker<Job, Result>> {
    const { concurrency = 1, startsPerSecond, stalledAfterSeconds = 30 } = options;
    atLeastOne('concurrency', concurrency);
    const rate = startsPerSecond === undefined ? undefined : startWindow(startsPerSecond);
    const [connection, bullmq] = await Promise.all([connectRedis(options), import('bullmq')]);
    const started = new RedisWorker<Job, Result>(options, connection);
    const worker: Worker<Job, Result> = new bullmq.Worker<Job, Result>(
      queueName,
      (job, token, signal) => started.#process(job, { token, signal, bullmq }),
      {
        connection: connection.redis,
        prefix: keyPrefix,
        concurrency,
        lockDuration: stalledAfterSeconds * 1000,
        stalledInterval: stalledAfterSeconds * 500,
        maxStalledCount: mostLosses,
        runRetryDelay: retryPause,
        ...(rate === undefined ? {} : { limiter: { max: rate.intervalCap, duration: rate.interval } }),
      },
    );
    // What is wrong with the connection is told by the connection.
    worker.on('error', () => undefined);
    // Another worker has the job then.
    worker.on('lockRenewalFailed', (ids) => {
      for (const id of ids) worker.cancelJob(id);
    });
    started.#worker = worker;
    await worker.waitUntilReady();
    return started;
  }

  private constructor(options: RedisWorkerOptions<Job, Result>, connection: RedisConnection) {
    this.#options = options;
    this.#connection = connection;
    this.#metrics = new QueueMetrics(options.collector ?? getMetricsCollector());
  }

  /** Where its queue is, without the password. */
  get url(): string {
    return this.#connection.url;
  }

  /**
   * Takes no more jobs, gives back those that do not end within the grace, and resolves when none is left, or 1.5 s later.
   *
   * To a Redis that is gone nothing can be given back: others take the jobs once this worker has been silent for long
   * enough.
   */
  async close({ graceSeconds = 0 }: CloseOptions = {}): Promise<void> {
    const { redis } = this.#connection;
    let isOver = false;
    const ended = (this.#worker?.close() ?? Promise.resolve())
      .catch(() => undefined)
      .finally(() => {
        isOver = true;
      });
    const end = performance.now() + graceSeconds * 1000;
    // That a Redis is gone may be seen only while this waits; who has no job then waits for nothing.
    while (!isOver && performance.now() < end && (this.#jobs > 0 || redis.status === 'ready')) {
      await Promise.race([ended, wait(lookPause)]);
    }
    this.#handBack.abort();
    await whileAnswering(redis, () => ended);
    redis.disconnect();
  }

  async #process(job: BullJob<Job, Result>, { token, signal, bullmq }: Turn): Promise<Result> {
    // A job that another worker lost has been measured when it first left the queue.
    if (job.attemptsStarted <= 1) {
      this.#metrics.waited(priorityOf(job.opts.priority), (Date.now() - job.timestamp) / 1000);
    }
    this.#metrics.started();
    this.#jobs++;
    const signals = [this.#handBack.signal, ...(signal === undefined ? [] : [signal])];
    try {
      return await this.#options.work(job.data, AbortSignal.any(signals));
    } catch (error) {
      if (this.#handBack.signal.aborted && token !== undefined) {
        await job.moveToWait(token);
        throw new bullmq.WaitingError();
      }
      throw new bullmq.UnrecoverableError(toFailedReason(error));
    } finally {
      this.#metrics.ended();
      this.#jobs--;
    }
  }
}

interface Turn {
  readonly token: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly bullmq: typeof import('bullmq');
}
