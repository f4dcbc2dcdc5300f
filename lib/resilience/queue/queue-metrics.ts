import type { MetricsCollector } from 'tinyllm';
import { instrumentsOf } from 'tinyllm/recording';
import { type Priority, priorities } from './priority.js';

/**
 * What a queue tells of itself.
 *
 * Gauges are moved up and down and never set, so that the queues of a process add up.
 */
export class QueueMetrics {
  readonly #collector: MetricsCollector;

  constructor(collector: MetricsCollector) {
    this.#collector = collector;
    const { queueSize, queueActiveWorkers } = instrumentsOf(collector);
    // A queue that has not had to wait yet says 0, which is not the same as nothing.
    for (const priority of priorities) queueSize.series(priority);
    queueActiveWorkers.series();
  }

  /** The queue can hold this many more, or fewer when the number is negative. */
  capacityChanged(by: number): void {
    instrumentsOf(this.#collector).queueCapacity.series().inc(by);
  }

  /** A job was taken. */
  taken(priority: Priority): void {
    this.#collector.incrementQueueRequest({ priority });
  }

  /** A job was turned away. */
  rejected(): void {
    this.#collector.incrementQueueRejected();
  }

  /** A job began to wait. */
  waits(priority: Priority): void {
    instrumentsOf(this.#collector).queueSize.series(priority).increment();
  }

  /** A job waits no longer. */
  waitsNoLonger(priority: Priority): void {
    instrumentsOf(this.#collector).queueSize.series(priority).decrement();
  }

  /** A job that came this many seconds ago left the queue; clocks that do not agree count as none. */
  waited(priority: Priority, waitSeconds: number): void {
    this.#collector.recordQueueWaitTime({ waitSeconds: Math.max(waitSeconds, 0), priority });
  }

  /** A worker began a job. */
  started(): void {
    instrumentsOf(this.#collector).queueActiveWorkers.series().increment();
  }

  /** A worker's job ended. */
  ended(): void {
    instrumentsOf(this.#collector).queueActiveWorkers.series().decrement();
  }
}
