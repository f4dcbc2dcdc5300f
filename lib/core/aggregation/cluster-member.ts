import type { Worker } from 'node:cluster';
import { SegmentWriter } from '../metrics/segment-writer.js';
import { valuesPerSeries } from '../metrics/series.js';
import {
  CLUSTER_DEADLINE_MILLISECONDS,
  clusterSegment,
  type FromClusterWorker,
  type ReportedFamily,
  type ToClusterWorker,
} from './cluster-protocol.js';
import { PendingReplies } from './pending-replies.js';
import { threadSegments } from './thread-segments.js';

/** The primary's view of a cluster worker, with its last reported values. */
export class ClusterMember {
  readonly #replies: PendingReplies<boolean, true>;
  #writer: SegmentWriter | undefined;
  /** Whether all reported series of the worker were received. */
  #isWhole = false;
  #wasRequested = false;

  constructor(private readonly worker: Worker) {
    this.#replies = new PendingReplies(CLUSTER_DEADLINE_MILLISECONDS, (question, all) => {
      const message: ToClusterWorker = { tinyllm: 'collect', question, all };
      worker.send(message, (error) => {
        if (error) this.#replies.cancelAll();
      });
    });
  }

  /**
   * Requests the current values of the worker, and waits for them or for the deadline.
   *
   * A worker that has never sent a message possibly does not use the package. Only the first call waits for such a
   * worker.
   */
  async refresh(): Promise<void> {
    if (!this.worker.isConnected() || (this.#writer === undefined && this.#wasRequested)) return;
    this.#wasRequested = true;
    await this.#replies.request(!this.#isWhole);
  }

  onMessage(message: FromClusterWorker): void {
    if (this.#writer === undefined) {
      this.#writer = new SegmentWriter();
      this.#writer.memory.follow(({ buffer }, index) =>
        threadSegments().add(clusterSegment(this.worker.id), buffer, index),
      );
      // If the first message is not `ready`, earlier messages were missed. This message contains only later changes.
      this.#isWhole = message.tinyllm === 'ready';
      if (!this.#isWhole && !this.#wasRequested) void this.refresh();
    }
    if (message.tinyllm === 'ready') return;
    for (const family of message.families) this.#write(this.#writer, family);
    if (message.question === undefined) return;
    this.#isWhole = true;
    this.#replies.resolve(message.question, true);
  }

  /** The worker has disconnected, and sends no more values. */
  disconnected(): void {
    this.#replies.cancelAll();
  }

  /** The worker has ended. Its counts stay, and its gauges are removed. */
  retire(): void {
    this.#replies.cancelAll();
    if (this.#writer !== undefined) threadSegments().retire(clusterSegment(this.worker.id));
  }

  #write(writer: SegmentWriter, { descriptor, series, removed = [] }: ReportedFamily): void {
    for (const labelValues of removed) writer.remove(descriptor, labelValues);
    const count = valuesPerSeries(descriptor);
    for (const { cells, ...identity } of series) {
      if (cells.length === count) writer.write(descriptor, { ...identity, cells: cells.map(Number) });
    }
  }
}
