import { setTimeout as wait } from 'node:timers/promises';
import type { CloseOptions } from '@tinyllm/resilience';
import { atLeastOne, QueueMetrics, startWindow } from '@tinyllm/resilience';
import type { Job as BullJob, Worker } from 'bullmq';
import type { MetricsCollector } from 'tinyllm';
import { getMetricsCollector } from 'tinyllm';
import { closeWhileReady, pollMilliseconds } from './close-while-ready.js';
import { toFailedReason } from './failed-reason.js';
import { connectRedis, type RedisConnection } from './redis-connection.js';
import type { RedisConnectionOptions } from './redis-connection-options.js';
import { keyPrefix, priorityOf, queueName } from './redis-names.js';

/** Options of a {@link RedisWorker}. */
export interface RedisWorkerOptions<Job extends object, Result> extends RedisConnectionOptions {
  /** Runs a job. Validate the data first: anyone with write access to the Redis server can add jobs. */
  readonly work: (job: Job, signal: AbortSignal) => Promise<Result>;
  /** Maximum number of jobs that run at the same time. Default: 1. */
  readonly concurrency?: number | undefined;
  /** Maximum number of jobs that all workers of the queue start per second. Default: no limit. */
  readonly startsPerSecond?: number | undefined;
  /** If a worker gives no sign of life for this number of seconds, other workers take over its jobs. Default: 30. */
  readonly stalledAfterSeconds?: number | undefined;
  /** Records the metrics of the worker. Default: the shared collector. */
  readonly collector?: MetricsCollector;
}

/** Maximum number of times that a worker takes over a stalled job. If the job stalls again, it fails. */
const maxTakeovers = 3;
/** The delay before the next request to a Redis server that did not reply, in milliseconds. */
const retryMilliseconds = 1000;

/** Takes jobs from a queue in Redis, and runs them. */
export class RedisWorker<Job extends object, Result> {
  readonly #connection: RedisConnection;
  readonly #metrics: QueueMetrics;
  readonly #options: RedisWorkerOptions<Job, Result>;
  /** Aborts the running jobs, which then return to the queue. */
  readonly #returnJobs = new AbortController();
  #worker: Worker<Job, Result> | undefined;
  #runningJobs = 0;

  /**
   * Starts a worker.
   *
   * Throws a `QueueConfigurationError` if the URL is invalid or a number is out of range. Throws a
   * `QueueUnavailableError` if the Redis server does not reply within 5 s or rejects the password.
   */
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
        maxStalledCount: maxTakeovers,
        runRetryDelay: retryMilliseconds,
        ...(rate === undefined ? {} : { limiter: { max: rate.intervalCap, duration: rate.interval } }),
      },
    );
    // The connection reports its own problems.
    worker.on('error', () => undefined);
    // If a worker cannot renew the lock of a job, another worker has taken over the job.
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

  /** The URL of its Redis server, without the password. */
  get url(): string {
    return this.#connection.url;
  }

  /**
   * Stops taking jobs. Running jobs that do not end within `graceSeconds` return to the queue.
   *
   * Resolves when no job is left, at most 1.5 s after the grace period. If Redis is unavailable, no job can return to
   * the queue. Other workers take over the jobs after `stalledAfterSeconds`.
   */
  async close({ graceSeconds = 0 }: CloseOptions = {}): Promise<void> {
    const { redis } = this.#connection;
    let hasEnded = false;
    const ended = (this.#worker?.close() ?? Promise.resolve())
      .catch(() => undefined)
      .finally(() => {
        hasEnded = true;
      });
    const end = performance.now() + graceSeconds * 1000;
    // The connection may be lost during this wait. A worker without jobs then stops waiting.
    while (!hasEnded && performance.now() < end && (this.#runningJobs > 0 || redis.status === 'ready')) {
      await Promise.race([ended, wait(pollMilliseconds)]);
    }
    this.#returnJobs.abort();
    await closeWhileReady(redis, () => ended);
    redis.disconnect();
  }

  async #process(job: BullJob<Job, Result>, { token, signal, bullmq }: JobAttempt): Promise<Result> {
    // The first attempt has recorded the wait time of a job that was taken over.
    if (job.attemptsStarted <= 1) {
      this.#metrics.waited(priorityOf(job.opts.priority), (Date.now() - job.timestamp) / 1000);
    }
    this.#metrics.started();
    this.#runningJobs++;
    const signals = [this.#returnJobs.signal, ...(signal === undefined ? [] : [signal])];
    try {
      return await this.#options.work(job.data, AbortSignal.any(signals));
    } catch (error) {
      if (this.#returnJobs.signal.aborted && token !== undefined) {
        await job.moveToWait(token);
        throw new bullmq.WaitingError();
      }
      throw new bullmq.UnrecoverableError(toFailedReason(error));
    } finally {
      this.#metrics.ended();
      this.#runningJobs--;
    }
  }
}

interface JobAttempt {
  readonly token: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly bullmq: typeof import('bullmq');
}
