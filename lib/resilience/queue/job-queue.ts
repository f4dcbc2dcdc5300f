import type { Priority } from './priority.js';

/** What to do when the queue is full: reject the job, or wait for room. */
export type WhenFull = 'reject' | 'wait';

/** Options of {@link JobQueue.add}. */
export interface AddOptions {
  /** Default: `normal`. */
  readonly priority?: Priority | undefined;
  /**
   * An abort removes a waiting job, and `add` rejects with the signal's reason. A running job is aborted. In a queue of
   * this process, `add` then waits until the job has ended, and settles with its outcome.
   */
  readonly signal?: AbortSignal | undefined;
  /** Default: `reject`. */
  readonly whenFull?: WhenFull | undefined;
}

/** Options of {@link JobQueue.close}. */
export interface CloseOptions {
  /** Seconds that running jobs have to finish before they are aborted. Default: 0. */
  readonly graceSeconds?: number | undefined;
}

/**
 * A bounded queue of jobs, run by workers in the order of their priority.
 *
 * Every accepted job ends exactly once: with a result, with an error, or with the reason of its signal.
 */
export interface JobQueue<Job, Result> {
  /** Maximum number of waiting jobs. Running jobs do not count. */
  readonly capacity: number;

  /**
   * Adds a job, and resolves with its result.
   *
   * Throws `QueueFullError` if the queue is full and `whenFull` is `reject`. Throws `QueueClosedError` if the queue is
   * closed before the job starts. Can also throw it if the grace period of `close` ends before the job ends. Throws the
   * error of the job if the job fails.
   */
  add(job: Job, options?: AddOptions): Promise<Result>;

  /** Stops accepting jobs, and resolves when all accepted jobs have ended. */
  drain(): Promise<void>;

  /** Stops accepting jobs, rejects the waiting jobs, and resolves when the running jobs have ended. */
  close(options?: CloseOptions): Promise<void>;
}
