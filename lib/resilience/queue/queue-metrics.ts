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

  /** A job was accepted. */
  taken(priority: Priority): void {
    this.#collector.incrementQueueRequest({ priority });
  }

  /** A job was rejected. */
  rejected(): void {
    this.#collector.incrementQueueRejected();
  }

  /** A job started to wait. */
  waits(priority: Priority): void {
    instrumentsOf(this.#collector).queueSize.series(priority).increment();
  }

  /** A job stopped waiting. */
  waitsNoLonger(priority: Priority): void {
    instrumentsOf(this.#collector).queueSize.series(priority).decrement();
  }

  /** A job left the queue after this number of seconds. Negative values, from clocks that differ, count as 0. */
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
