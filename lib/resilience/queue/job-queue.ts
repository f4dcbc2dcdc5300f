import type { Priority } from './priority.js';

/** What to do when the queue is full: reject the job, or wait for room. */
export type WhenFull = 'reject' | 'wait';

/** Options of {@link JobQueue.add}. */
export interface AddOptions {
  /** Default: `normal`. */
  readonly priority?: Priority | undefined;
  /**
   * If this signal aborts while the job waits, the job is removed and `add` rejects with the signal's reason.
   *
   * If the signal aborts while the job runs in this process, the job is aborted, and `add` settles with the outcome of
   * the job. If the job runs in another process, `add` rejects with the signal's reason, and the job continues.
   */
  readonly signal?: AbortSignal | undefined;
  /** Default: `reject`. */
  readonly whenFull?: WhenFull | undefined;
}

/** Options of {@link JobQueue.close}. */
export interface CloseOptions {
  /** Seconds that running jobs have to finish. Then `close` aborts the jobs that run in this process. Default: 0. */
  readonly graceSeconds?: number | undefined;
}

/**
 * A bounded queue of jobs, run by workers in the order of their priority.
 *
 * For every accepted job, `add` settles exactly once: with a result, with an error, or with the reason of its signal.
 */
export interface JobQueue<Job, Result> {
  /** Maximum number of waiting jobs. Running jobs do not count. */
  readonly capacity: number;

  /**
   * Adds a job, and resolves with its result.
   *
   * - If the queue is full and `whenFull` is `reject`, `add` throws `QueueFullError`.
   * - If the queue accepts no more jobs, or is closed before the job starts, `add` throws `QueueClosedError`.
   * - If the job still runs at the end of the grace period of `close`, `add` can also throw `QueueClosedError`.
   * - If the job fails, `add` throws the error of the job.
   */
  add(job: Job, options?: AddOptions): Promise<Result>;

  /** Stops accepting jobs, and resolves when all accepted jobs have ended. */
  drain(): Promise<void>;

  /**
   * Stops accepting jobs, and rejects the waiting jobs. Resolves when the running jobs have ended. After the grace
   * period, `close` doesn't wait for jobs that run in other processes.
   */
  close(options?: CloseOptions): Promise<void>;
}
