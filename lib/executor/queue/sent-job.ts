import type { QueueMetrics } from '@tinyllm/resilience';
import type { Priority } from '@tinyllm/resilience/settings';

/** The state of a job that this process sent to Redis. */
export class SentJob<Result> {
  /** Settles when the job ends. */
  readonly ended: Promise<Result>;
  /** Whether the insertion of the job into Redis has begun. It may have failed. */
  insertionBegan = false;
  readonly #metrics: QueueMetrics;
  #settle: { resolve(result: Result): void; reject(error: unknown): void } | undefined;
  #isWaiting = false;
  #isStarted = false;

  constructor(
    readonly id: string,
    readonly priority: Priority,
    metrics: QueueMetrics,
  ) {
    this.#metrics = metrics;
    this.ended = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
  }

  get hasEnded(): boolean {
    return this.#settle === undefined;
  }

  /** Whether a worker runs the job, according to the last event. */
  get isStarted(): boolean {
    return this.#isStarted;
  }

  /** The job waits for a worker: it was inserted, or its worker lost it. Repeated calls have no effect. */
  markWaiting(): void {
    if (this.hasEnded || this.#isWaiting) return;
    this.#isWaiting = true;
    this.#isStarted = false;
    this.#metrics.waits(this.priority);
  }

  /** A worker took the job. */
  markStarted(): void {
    this.#isStarted = true;
    this.#stopWaiting();
  }

  /** Ends the job with a result. Has no effect on a job that has ended. */
  resolve(result: Result): void {
    this.#settle?.resolve(result);
    this.#end();
  }

  /** Ends the job with an error. Has no effect on a job that has ended. */
  reject(error: unknown): void {
    this.#settle?.reject(error);
    this.#end();
  }

  #end(): void {
    this.#settle = undefined;
    this.#stopWaiting();
  }

  #stopWaiting(): void {
    if (this.#isWaiting) this.#metrics.waitsNoLonger(this.priority);
    this.#isWaiting = false;
  }
}
