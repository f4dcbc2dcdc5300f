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

/** A worker of the cluster, and what it has told, as the primary knows it. */
export class ClusterMember {
  readonly #questions: Questions<boolean, true>;
  #writer: SegmentWriter | undefined;
  /** Whether everything it has ever told was heard. */
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
   * Waits until it has told what it has now, or for the deadline.
   *
   * One that has not said a word is waited for once: it may not have the package.
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
      // It told something before anybody listened, so what it tells now is a part.
      this.#isWhole = message.tinyllm === 'ready';
      if (!this.#isWhole && !this.#wasAsked) void this.refresh();
    }
    if (message.tinyllm === 'ready') return;
    for (const family of message.families) this.#write(this.#writer, family);
    if (message.question === undefined) return;
    this.#isWhole = true;
    this.#questions.answer(message.question, true);
  }

  /** It tells nothing more. */
  disconnected(): void {
    this.#questions.giveUp();
  }

  /** It has ended: its counts stay, its gauges go. */
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
