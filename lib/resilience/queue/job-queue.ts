import type { Priority } from './priority.js';

/** What to do when a queue has no room: refuse the job, or wait until there is some. */
export type WhenFull = 'reject' | 'wait';

/** How a job is put into a queue. */
export interface AddOptions {
  /** Default `normal`. */
  readonly priority?: Priority | undefined;
  /** Takes the job back while it waits, and ends it early while it runs; `add` then rejects with the reason. */
  readonly signal?: AbortSignal | undefined;
  /** Default `reject`. */
  readonly whenFull?: WhenFull | undefined;
}

/** How a queue is closed. */
export interface CloseOptions {
  /** How long what has started may go on before it is ended early; default 0. */
  readonly graceSeconds?: number | undefined;
}

/**
 * A bounded queue of jobs that workers do, by priority.
 *
 * Every job that was taken ends exactly once: with a result, an error, or the reason it was taken back for.
 */
export interface JobQueue<Job, Result> {
  /** The most jobs that wait; what has started does not count. */
  readonly capacity: number;

  /**
   * Puts a job into the queue, and resolves with its result.
   *
   * Throws a `QueueFullError` when there is no room and the job is not to wait for it, a `QueueClosedError` when the
   * queue takes no more or is closed before the job starts, and what the job throws.
   */
  add(job: Job, options?: AddOptions): Promise<Result>;

  /** Takes no more jobs, and resolves when those that were taken have ended. */
  drain(): Promise<void>;

  /** Takes no more jobs, gives back those that wait, and resolves when those that have started have ended. */
  close(options?: CloseOptions): Promise<void>;
}
