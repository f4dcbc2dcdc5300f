import type { MetricsCollector } from 'tinyllm';
import { instrumentsOf } from 'tinyllm/recording';
import { type Priority, priorities } from './priority.js';

/**
 * The metrics of a queue.
 *
 * Gauges are incremented and decremented, never set. All queues of a process therefore add up.
 */
export class QueueMetrics {
  readonly #collector: MetricsCollector;

  constructor(collector: MetricsCollector) {
    this.#collector = collector;
    const { queueSize, queueActiveWorkers } = instrumentsOf(collector);
    // Exports 0 from the start instead of a missing series.
    for (const priority of priorities) queueSize.series(priority);
    queueActiveWorkers.series();
  }

  /** The capacity of the queue grew by this number of jobs, or shrank if the number is negative. */
  capacityChanged(by: number): void {
    instrumentsOf(this.#collector).queueCapacity.series().inc(by);
  }

  /** Counts an accepted job. */
  taken(priority: Priority): void {
    this.#collector.incrementQueueRequest({ priority });
  }

  /** Counts a rejected job. */
  rejected(): void {
    this.#collector.incrementQueueRejected();
  }

  /** Adds a job to the gauge of waiting jobs. */
  waits(priority: Priority): void {
    instrumentsOf(this.#collector).queueSize.series(priority).increment();
  }

  /** Subtracts a job from the gauge of waiting jobs. */
  waitsNoLonger(priority: Priority): void {
    instrumentsOf(this.#collector).queueSize.series(priority).decrement();
  }

  /** Records how long a job waited, in seconds. Negative values, from clocks that differ, count as 0. */
  waited(priority: Priority, waitSeconds: number): void {
    this.#collector.recordQueueWaitTime({ waitSeconds: Math.max(waitSeconds, 0), priority });
  }

  /** A worker started a job. */
  started(): void {
    instrumentsOf(this.#collector).queueActiveWorkers.series().increment();
  }

  /** A worker's job ended. */
  ended(): void {
    instrumentsOf(this.#collector).queueActiveWorkers.series().decrement();
  }
}
