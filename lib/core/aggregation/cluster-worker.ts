import { isMainThread } from 'node:worker_threads';
import type { SegmentChain } from '../metrics/segment-chain.js';
import { SegmentReader } from '../metrics/segment-reader.js';
import { registry } from '../metrics/shared-registry.js';
import { ChangedSeries } from './changed-series.js';
import { type FromClusterWorker, isQuestion, type ToClusterWorker } from './cluster-protocol.js';
import { nodeCluster } from './node-cluster.js';
import { threadSegments } from './thread-segments.js';

/** How often a worker looks whether it has something to tell. */
const LOOK_MILLISECONDS = 1_000;

/**
 * In a worker of `node:cluster`, tells the primary of the shared registry's metrics: when it asks, at most once a
 * second when something has changed, and at the end. Elsewhere does nothing.
 */
export function tellClusterPrimary(collected: SegmentChain): void {
  // Asked first, because it costs nothing: most processes have no channel, and need not load the module.
  if (!isMainThread || !process.connected || !nodeCluster().isWorker) return;
  new ClusterTeller(collected).start();
}

class ClusterTeller {
  readonly #reader: SegmentReader;
  #isUsed = false;
  #changed: ChangedSeries | undefined;
  #sending = false;

  constructor({ segments }: SegmentChain) {
    this.#reader = new SegmentReader(segments[0]!.buffer);
  }

  start(): void {
    this.#send({ tinyllm: 'ready' });
    process.on('message', (message: unknown) => {
      if (isQuestion(message)) this.#answer(message);
    });
    setInterval(() => {
      // What the primary has not yet read must not pile up here.
      if (!this.#sending) this.#tell();
    }, LOOK_MILLISECONDS).unref();
    process.on('exit', () => this.#tell());
  }

  #answer({ question, all }: ToClusterWorker): void {
    const families = this.#hasSeries() ? this.#series().take({ all }) : [];
    this.#send({ tinyllm: 'snapshot', question, families });
  }

  /** Tells unasked what has changed. */
  #tell(): void {
    if (!process.connected || !this.#hasSeries()) return;
    const families = this.#series().take({ all: false });
    if (families.length > 0) this.#send({ tinyllm: 'snapshot', families });
  }

  /** Before there are series the metrics may still be configured: reading them now would end that. */
  #hasSeries(): boolean {
    this.#isUsed ||=
      this.#changed !== undefined ||
      threadSegments().hasSeenAny ||
      [...this.#reader.newRecords()].some(({ type }) => type === 'series');
    return this.#isUsed;
  }

  #series(): ChangedSeries {
    this.#changed ??= new ChangedSeries(registry);
    return this.#changed;
  }

  #send(message: FromClusterWorker): void {
    if (!process.connected) return;
    this.#sending = true;
    // An error says that the primary is gone, and nothing can be told any more.
    process.send?.(message, undefined, undefined, () => {
      this.#sending = false;
    });
  }
}
