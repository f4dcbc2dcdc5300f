import type { QueueMetrics } from '@tinyllm/resilience';
import type { Priority } from '@tinyllm/resilience/settings';

/** A job that was handed to Redis and whose end is waited for, as the process that handed it there sees it. */
export class SentJob<Result> {
  readonly ended: Promise<Result>;
  /** Whether it has been put into Redis. */
  placed = false;
  readonly #metrics: QueueMetrics;
  #settle: { resolve(result: Result): void; reject(error: unknown): void } | undefined;
  #waits = false;
  #started = false;

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

  get isOver(): boolean {
    return this.#settle === undefined;
  }

  /** Whether a worker has it, as far as is known. */
  get started(): boolean {
    return this.#started;
  }

  /** The job waits for a worker: it was put there, or its worker lost it. */
  waits(): void {
    if (this.isOver || this.#waits) return;
    this.#waits = true;
    this.#started = false;
    this.#metrics.waits(this.priority);
  }

  /** A worker took the job. */
  starts(): void {
    this.#started = true;
    this.#waitsNoLonger();
  }

  /** Ends it with a result; nothing more happens to a job that is over. */
  resolve(result: Result): void {
    this.#settle?.resolve(result);
    this.#over();
  }

  /** Ends it with an error. */
  reject(error: unknown): void {
    this.#settle?.reject(error);
    this.#over();
  }

  #over(): void {
    this.#settle = undefined;
    this.#waitsNoLonger();
  }

  #waitsNoLonger(): void {
    if (this.#waits) this.#metrics.waitsNoLonger(this.priority);
    this.#waits = false;
  }
}
