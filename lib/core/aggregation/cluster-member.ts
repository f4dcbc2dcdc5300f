import type { Worker } from 'node:cluster';
import { SegmentWriter } from '../metrics/segment-writer.js';
import { cellsPerSeries } from '../metrics/series.js';
import {
  CLUSTER_DEADLINE_MILLISECONDS,
  clusterSegment,
  type FromClusterWorker,
  type ToClusterWorker,
  type ToldFamily,
} from './cluster-protocol.js';
import { Questions } from './questions.js';
import { threadSegments } from './thread-segments.js';

/** A worker of the cluster in the primary, with its last reported values. */
export class ClusterMember {
  readonly #questions: Questions<boolean, true>;
  #writer: SegmentWriter | undefined;
  /** Whether all series that the worker has reported were received. */
  #isWhole = false;
  #wasAsked = false;

  constructor(private readonly worker: Worker) {
    this.#questions = new Questions(CLUSTER_DEADLINE_MILLISECONDS, (question, all) => {
      const message: ToClusterWorker = { tinyllm: 'collect', question, all };
      worker.send(message, (error) => {
        if (error) this.#questions.giveUp();
      });
    });
  }

  /**
   * Waits for the worker's current values, or for the deadline.
   *
   * A worker that has never sent a message is only waited for once, because it may not use the package.
   */
  async refresh(): Promise<void> {
    if (!this.worker.isConnected() || (this.#writer === undefined && this.#wasAsked)) return;
    this.#wasAsked = true;
    await this.#questions.ask(!this.#isWhole);
  }

  hear(message: FromClusterWorker): void {
    if (this.#writer === undefined) {
      this.#writer = new SegmentWriter();
      this.#writer.memory.follow(({ buffer }, index) =>
        threadSegments().add(clusterSegment(this.worker.id), buffer, index),
      );
      // Without a `ready` message first, earlier messages were missed, so this one is incomplete.
      this.#isWhole = message.tinyllm === 'ready';
      if (!this.#isWhole && !this.#wasAsked) void this.refresh();
    }
    if (message.tinyllm === 'ready') return;
    for (const family of message.families) this.#write(this.#writer, family);
    if (message.question === undefined) return;
    this.#isWhole = true;
    this.#questions.answer(message.question, true);
  }

  /** The worker has disconnected, and sends no more values. */
  disconnected(): void {
    this.#questions.giveUp();
  }

  /** The worker has ended. Its counts stay, and its gauges are removed. */
  retire(): void {
    this.#questions.giveUp();
    if (this.#writer !== undefined) threadSegments().retire(clusterSegment(this.worker.id));
  }

  #write(writer: SegmentWriter, { descriptor, series }: ToldFamily): void {
    const count = cellsPerSeries(descriptor);
    for (const { cells, ...one } of series) {
      if (cells.length === count) writer.write(descriptor, { ...one, cells: cells.map(Number) });
    }
  }
}
