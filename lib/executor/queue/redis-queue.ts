import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { AddOptions, CloseOptions, JobQueue } from '@tinyllm/resilience';
import { atLeastOne, QueueClosedError, QueueFullError, QueueMetrics } from '@tinyllm/resilience';
import type { Queue, QueueEvents } from 'bullmq';
import type { MetricsCollector } from 'tinyllm';
import { getMetricsCollector } from 'tinyllm';
import { withoutCommand } from '../redis/redis-failure.js';
import { closeWhileReady } from './close-while-ready.js';
import { fromFailedReason } from './failed-reason.js';
import { connectRedis, type RedisConnection } from './redis-connection.js';
import type { RedisConnectionOptions } from './redis-connection-options.js';
import { keyPrefix, queueName, rankOf } from './redis-names.js';
import { SentJob } from './sent-job.js';

/** Options of a {@link RedisQueue}. */
export interface RedisQueueOptions extends RedisConnectionOptions {
  /** Maximum number of waiting jobs, from all processes. Default: 100. */
  readonly capacity?: number | undefined;
  /** Records the metrics of the queue. Default: the shared collector. */
  readonly collector?: MetricsCollector;
}

/** How often to check whether a full queue has room, in milliseconds. A job that starts also triggers a check. */
const roomCheckMilliseconds = 500;
/** How often to query the state of sent jobs, in milliseconds. */
const stateCheckMilliseconds = 10_000;
/**
 * Limits for ended jobs and their results that the queue could not remove. When a job ends, BullMQ deletes jobs that
 * ended more than `age` seconds ago, and keeps at most the last `count` jobs.
 */
const resultRetention = { age: 3600, count: 10_000 };

interface RedisHandles {
  readonly connection: RedisConnection;
  readonly queue: Queue;
  readonly events: QueueEvents;
}

interface JobRequest<Job> {
  readonly job: Job;
  readonly whenFull: 'reject' | 'wait';
  /** Milliseconds of the epoch. */
  readonly arrived: number;
}

/**
 * A bounded queue in Redis. Jobs are plain data. Each {@link RedisWorker} on the same Redis server runs them.
 *
 * If a worker dies, another worker runs its job. If Redis loses a job during an outage, the queue adds it again. A job
 * may therefore run twice, but `add` settles once. If the signal of `add` aborts while a worker runs
 * the job, the job continues, and its result is discarded. Processes that add jobs at the same moment may each exceed
 * the capacity by one.
 */
export class RedisQueue<Job extends object, Result> implements JobQueue<Job, Result> {
  readonly #sent = new Map<string, { readonly state: SentJob<Result>; readonly request: JobRequest<Job> }>();
  readonly #handles: RedisHandles;
  readonly #metrics: QueueMetrics;
  readonly #checks: NodeJS.Timeout;
  #isOpen = true;
  #closed: Promise<void> | undefined;
  /** Serializes the checks for room. */
  #lastCheck: Promise<unknown> = Promise.resolve();
  readonly #roomListeners = new Set<() => void>();

  /**
   * Opens the queue.
   *
   * Throws a `QueueConfigurationError` if the URL is invalid or the capacity is below 1. Throws a
   * `QueueUnavailableError` if the Redis server does not reply within 5 s or rejects the password.
   */
  static async open<Job extends object, Result>(options: RedisQueueOptions): Promise<RedisQueue<Job, Result>> {
    const capacity = atLeastOne('capacity', options.capacity ?? 100);
    const [connection, { Queue, QueueEvents }] = await Promise.all([connectRedis(options), import('bullmq')]);
    const shared = { connection: connection.redis, prefix: keyPrefix };
    const queue = new Queue(queueName, shared);
    const events = new QueueEvents(queueName, { ...shared, connection: connection.redis.duplicate() });
    // The connection reports its own problems.
    queue.on('error', () => undefined);
    events.on('error', () => undefined);
    await Promise.all([queue.waitUntilReady(), events.waitUntilReady()]);
    return new RedisQueue<Job, Result>(capacity, new QueueMetrics(options.collector ?? getMetricsCollector()), {
      connection,
      queue,
      events,
    });
  }

  private constructor(
    readonly capacity: number,
    metrics: QueueMetrics,
    handles: RedisHandles,
  ) {
    this.#handles = handles;
    this.#metrics = metrics;
    metrics.capacityChanged(capacity);
    const { events, connection } = handles;
    const jobOf = (id: string): SentJob<Result> | undefined => this.#sent.get(id)?.state;
    events.on('active', ({ jobId }) => {
      jobOf(jobId)?.markStarted();
      this.#notifyOfRoom();
    });
    events.on('stalled', ({ jobId }) => jobOf(jobId)?.markWaiting());
    events.on('waiting', ({ jobId, prev }) => prev === 'active' && jobOf(jobId)?.markWaiting());
    events.on('completed', ({ jobId, returnvalue }) => jobOf(jobId)?.resolve(returnvalue as Result));
    events.on('failed', ({ jobId, failedReason }) => jobOf(jobId)?.reject(fromFailedReason(failedReason)));
    connection.redis.on('ready', () => this.#checkJobs());
    this.#checks = setInterval(() => this.#checkJobs(), stateCheckMilliseconds).unref();
  }

  async add(job: Job, options: AddOptions = {}): Promise<Result> {
    const { priority = 'normal', signal, whenFull = 'reject' } = options;
    if (!this.#isOpen) throw new QueueClosedError();
    signal?.throwIfAborted();
    const state = new SentJob<Result>(randomUUID(), priority, this.#metrics);
    const request = { job, whenFull, arrived: Date.now() };
    const onAbort = (): void => state.reject(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#sent.set(state.id, { state, request });
    this.#send(state, request).catch((error: unknown) => state.reject(withoutCommand(error)));
    try {
      return await state.ended;
    } finally {
      signal?.removeEventListener('abort', onAbort);
      this.#sent.delete(state.id);
      // Removes the question and the answer from Redis. A job that runs on a worker cannot be removed. Redis keeps that
      // job and its result within the limits in `resultRetention`.
      if (state.insertionBegan) this.#handles.queue.remove(state.id).catch(() => undefined);
    }
  }

  async drain(): Promise<void> {
    this.#isOpen = false;
    await Promise.allSettled([...this.#sent.values()].map(({ state }) => state.ended));
  }

  close({ graceSeconds = 0 }: CloseOptions = {}): Promise<void> {
    this.#closed ??= this.#close(graceSeconds);
    return this.#closed;
  }

  async #close(graceSeconds: number): Promise<void> {
    this.#isOpen = false;
    for (const { state } of this.#sent.values()) if (!state.isStarted) state.reject(new QueueClosedError());
    const drained = new AbortController();
    await Promise.race([
      this.drain(),
      wait(graceSeconds * 1000, undefined, { signal: drained.signal }).catch(() => undefined),
    ]);
    drained.abort();
    for (const { state } of this.#sent.values()) {
      state.reject(new QueueClosedError('The queue was closed before the job ended.'));
    }
    await this.drain();
    clearInterval(this.#checks);
    this.#metrics.capacityChanged(-this.capacity);
    const { connection, queue, events } = this.#handles;
    await closeWhileReady(connection.redis, async () => {
      // A connection runs its commands in order, so the rejected jobs have been removed when the ping returns.
      await connection.redis.ping();
      await Promise.all([events.close(), queue.close()]);
    });
    connection.redis.disconnect();
  }

  /** Adds a job to Redis. If the queue is full, the job is rejected or waits for room. */
  async #send(state: SentJob<Result>, request: JobRequest<Job>): Promise<void> {
    while (!state.hasEnded) {
      const check = this.#lastCheck.then(() => this.#insertIfRoom(state, request));
      this.#lastCheck = check.catch(() => undefined);
      if (await check) return this.#metrics.taken(state.priority);
      if (state.hasEnded) return;
      if (request.whenFull === 'reject') {
        this.#metrics.rejected();
        throw new QueueFullError(this.capacity);
      }
      await this.#roomOrTimeout();
    }
  }

  async #insertIfRoom(state: SentJob<Result>, request: JobRequest<Job>): Promise<boolean> {
    if (state.hasEnded) return false;
    const waiting = await this.#handles.queue.getJobCountByTypes('waiting', 'prioritized', 'delayed');
    if (waiting >= this.capacity || state.hasEnded) return false;
    await this.#insert(state, request);
    return true;
  }

  async #insert(state: SentJob<Result>, { job, arrived }: JobRequest<Job>): Promise<void> {
    const { id, priority } = state;
    state.insertionBegan = true;
    state.markWaiting();
    await this.#handles.queue.add('question', job, {
      jobId: id,
      priority: rankOf(priority),
      timestamp: arrived,
      removeOnComplete: resultRetention,
      removeOnFail: resultRetention,
    });
    if (state.hasEnded) await this.#handles.queue.remove(id);
  }

  async #roomOrTimeout(): Promise<void> {
    let onRoom = (): void => undefined;
    const room = new Promise<void>((resolve) => {
      onRoom = resolve;
    });
    this.#roomListeners.add(onRoom);
    await Promise.race([wait(roomCheckMilliseconds, undefined, { ref: false }), room]);
    this.#roomListeners.delete(onRoom);
  }

  /** Wakes the job that has waited longest for room. */
  #notifyOfRoom(): void {
    const [onRoom] = this.#roomListeners;
    if (onRoom !== undefined) this.#roomListeners.delete(onRoom);
    onRoom?.();
  }

  /** Queries the state of all inserted jobs, because Redis does not repeat events after an outage. */
  #checkJobs(): void {
    for (const { state, request } of this.#sent.values()) {
      if (state.insertionBegan) this.#updateState(state, request).catch(() => undefined);
    }
  }

  async #updateState(state: SentJob<Result>, request: JobRequest<Job>): Promise<void> {
    const { queue } = this.#handles;
    const current = await queue.getJobState(state.id);
    if (state.hasEnded) return;
    if (current === 'unknown') await this.#insert(state, request);
    else if (current === 'active') state.markStarted();
    else if (current === 'completed') state.resolve((await queue.getJob(state.id))?.returnvalue as Result);
    else if (current === 'failed') state.reject(fromFailedReason((await queue.getJob(state.id))?.failedReason ?? ''));
    else state.markWaiting();
  }
}
