import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { AddOptions, CloseOptions, JobQueue } from '@tinyllm/resilience';
import { atLeastOne, QueueClosedError, QueueFullError, QueueMetrics } from '@tinyllm/resilience';
import type { Queue, QueueEvents } from 'bullmq';
import type { MetricsCollector } from 'tinyllm';
import { getMetricsCollector } from 'tinyllm';
import { withoutCommand } from '../redis/redis-failure.js';
import { fromFailedReason } from './failed-reason.js';
import { connectRedis, type RedisConnection } from './redis-connection.js';
import type { RedisConnectionOptions } from './redis-connection-options.js';
import { keyPrefix, queueName, rankOf } from './redis-names.js';
import { SentJob } from './sent-job.js';
import { whileAnswering } from './while-answering.js';

/** Which queue, and how much it holds. */
export interface RedisQueueOptions extends RedisConnectionOptions {
  /** The most jobs that wait, whoever put them there; default 100. */
  readonly capacity?: number | undefined;
  /** Where to count; default the process's own. */
  readonly collector?: MetricsCollector;
}

/** How long to wait before looking again whether there is room, unless a job starts meanwhile, in milliseconds. */
const roomPause = 500;
/** How often to look after jobs of which nothing was heard, in milliseconds. */
const checkPause = 10_000;
/** How long a result that nobody has fetched is kept, in seconds, and how many of them at most. */
const kept = { age: 3600, count: 10_000 };

interface Parts {
  readonly connection: RedisConnection;
  readonly queue: Queue;
  readonly events: QueueEvents;
}

interface Sending<Job> {
  readonly job: Job;
  readonly whenFull: 'reject' | 'wait';
  readonly arrived: number;
}

/**
 * A bounded queue of plain data in Redis, whose jobs are done by every `RedisWorker` of the same Redis.
 *
 * A job whose worker dies goes to another; one that a Redis forgot while it was away is put there again; so a job
 * may be done twice, but ends once. What has started on a worker cannot be taken back: its result is dropped.
 * Several processes that fill a queue at the same moment may each exceed its capacity by one.
 */
export class RedisQueue<Job extends object, Result> implements JobQueue<Job, Result> {
  readonly #sent = new Map<string, { readonly state: SentJob<Result>; readonly sending: Sending<Job> }>();
  readonly #parts: Parts;
  readonly #metrics: QueueMetrics;
  readonly #checks: NodeJS.Timeout;
  #takes = true;
  #closed: Promise<void> | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #roomMayBe = new Set<() => void>();

  /** Opens the queue. Throws what `connectRedis` throws, and a `QueueConfigurationError` for a capacity below 1. */
  static async open<Job extends object, Result>(options: RedisQueueOptions): Promise<RedisQueue<Job, Result>> {
    const capacity = atLeastOne('capacity', options.capacity ?? 100);
    const [connection, { Queue, QueueEvents }] = await Promise.all([connectRedis(options), import('bullmq')]);
    const shared = { connection: connection.redis, prefix: keyPrefix };
    const queue = new Queue(queueName, shared);
    const events = new QueueEvents(queueName, { ...shared, connection: connection.redis.duplicate() });
    // What is wrong with the connection is told by the connection.
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
    parts: Parts,
  ) {
    this.#parts = parts;
    this.#metrics = metrics;
    metrics.capacityChanged(capacity);
    const { events, connection } = parts;
    const of = (id: string): SentJob<Result> | undefined => this.#sent.get(id)?.state;
    events.on('active', ({ jobId }) => {
      of(jobId)?.starts();
      this.#tellOfRoom();
    });
    events.on('stalled', ({ jobId }) => of(jobId)?.waits());
    events.on('waiting', ({ jobId, prev }) => prev === 'active' && of(jobId)?.waits());
    events.on('completed', ({ jobId, returnvalue }) => of(jobId)?.resolve(returnvalue as Result));
    events.on('failed', ({ jobId, failedReason }) => of(jobId)?.reject(fromFailedReason(failedReason)));
    connection.redis.on('ready', () => this.#check());
    this.#checks = setInterval(() => this.#check(), checkPause).unref();
  }

  async add(job: Job, options: AddOptions = {}): Promise<Result> {
    const { priority = 'normal', signal, whenFull = 'reject' } = options;
    if (!this.#takes) throw new QueueClosedError();
    signal?.throwIfAborted();
    const state = new SentJob<Result>(randomUUID(), priority, this.#metrics);
    const sending = { job, whenFull, arrived: Date.now() };
    const onAbort = (): void => state.reject(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#sent.set(state.id, { state, sending });
    this.#send(state, sending).catch((error: unknown) => state.reject(withoutCommand(error)));
    try {
      return await state.ended;
    } finally {
      signal?.removeEventListener('abort', onAbort);
      this.#sent.delete(state.id);
      // Neither the question nor the answer stays behind; a job that a worker has stays until that is done with it.
      if (state.placed) this.#parts.queue.remove(state.id).catch(() => undefined);
    }
  }

  async drain(): Promise<void> {
    this.#takes = false;
    await Promise.allSettled([...this.#sent.values()].map(({ state }) => state.ended));
  }

  close({ graceSeconds = 0 }: CloseOptions = {}): Promise<void> {
    this.#closed ??= this.#close(graceSeconds);
    return this.#closed;
  }

  async #close(graceSeconds: number): Promise<void> {
    this.#takes = false;
    const giveBack = (which: (state: SentJob<Result>) => boolean): void => {
      for (const { state } of this.#sent.values()) if (which(state)) state.reject(new QueueClosedError());
    };
    giveBack(({ started }) => !started);
    const over = new AbortController();
    await Promise.race([
      this.drain(),
      wait(graceSeconds * 1000, undefined, { signal: over.signal }).catch(() => undefined),
    ]);
    over.abort();
    giveBack(() => true);
    await this.drain();
    clearInterval(this.#checks);
    this.#metrics.capacityChanged(-this.capacity);
    const { connection, queue, events } = this.#parts;
    await whileAnswering(connection.redis, async () => {
      // The jobs that were taken back are removed by then: commands of a connection keep their order.
      await connection.redis.ping();
      await Promise.all([events.close(), queue.close()]);
    });
    connection.redis.disconnect();
  }

  /** Puts a job into Redis, as soon as there is room if it is to wait for that. */
  async #send(state: SentJob<Result>, sending: Sending<Job>): Promise<void> {
    while (!state.isOver) {
      const turn = this.#turn.then(() => this.#placeIfRoom(state, sending));
      this.#turn = turn.catch(() => undefined);
      if (await turn) return this.#metrics.taken(state.priority);
      if (state.isOver) return;
      if (sending.whenFull === 'reject') {
        this.#metrics.rejected();
        throw new QueueFullError(this.capacity);
      }
      await this.#maybeRoom();
    }
  }

  async #placeIfRoom(state: SentJob<Result>, sending: Sending<Job>): Promise<boolean> {
    if (state.isOver) return false;
    const waiting = await this.#parts.queue.getJobCountByTypes('waiting', 'prioritized', 'delayed');
    if (waiting >= this.capacity || state.isOver) return false;
    await this.#place(state, sending);
    return true;
  }

  async #place(state: SentJob<Result>, { job, arrived }: Sending<Job>): Promise<void> {
    const { id, priority } = state;
    state.placed = true;
    state.waits();
    await this.#parts.queue.add('question', job, {
      jobId: id,
      priority: rankOf(priority),
      timestamp: arrived,
      removeOnComplete: kept,
      removeOnFail: kept,
    });
    if (state.isOver) await this.#parts.queue.remove(id);
  }

  async #maybeRoom(): Promise<void> {
    let tell = (): void => undefined;
    const told = new Promise<void>((resolve) => {
      tell = resolve;
    });
    this.#roomMayBe.add(tell);
    await Promise.race([wait(roomPause, undefined, { ref: false }), told]);
    this.#roomMayBe.delete(tell);
  }

  /** One job left its place; the one that waits longest for some looks first. */
  #tellOfRoom(): void {
    const [tell] = this.#roomMayBe;
    if (tell !== undefined) this.#roomMayBe.delete(tell);
    tell?.();
  }

  /** Finds out what became of the jobs of which nothing was heard: events are not repeated after an outage. */
  #check(): void {
    for (const { state, sending } of this.#sent.values()) {
      if (state.placed) this.#lookAfter(state, sending).catch(() => undefined);
    }
  }

  async #lookAfter(state: SentJob<Result>, sending: Sending<Job>): Promise<void> {
    const { queue } = this.#parts;
    const now = await queue.getJobState(state.id);
    if (state.isOver) return;
    if (now === 'unknown') await this.#place(state, sending);
    else if (now === 'active') state.starts();
    else if (now === 'completed') state.resolve((await queue.getJob(state.id))?.returnvalue as Result);
    else if (now === 'failed') state.reject(fromFailedReason((await queue.getJob(state.id))?.failedReason ?? ''));
    else state.waits();
  }
}
