import { isMainThread } from 'node:worker_threads';
import type { SegmentChain } from '../metrics/segment-chain.js';
import { SegmentReader } from '../metrics/segment-reader.js';
import { registry } from '../metrics/shared-registry.js';
import { ChangedSeries } from './changed-series.js';
import { type FromClusterWorker, isQuestion, type ToClusterWorker } from './cluster-protocol.js';
import { nodeCluster } from './node-cluster.js';
import { threadSegments } from './thread-segments.js';

/** How often a worker reports changes. */
const LOOK_MILLISECONDS = 1_000;

/**
 * In a worker of `node:cluster`, reports the shared registry's metrics to the primary: on request, once a second if
 * something has changed, and at exit. Does nothing in other processes.
 */
export function tellClusterPrimary(collected: SegmentChain): void {
  // Check `process.connected` first: most processes have no channel, and then needn't load `node:cluster`.
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
      // Don't queue messages that the primary hasn't read yet.
      if (!this.#sending) this.#tell();
    }, LOOK_MILLISECONDS).unref();
    process.on('exit', () => this.#tell());
  }

  #answer({ question, all }: ToClusterWorker): void {
    const families = this.#hasSeries() ? this.#series().take({ all }) : [];
    this.#send({ tinyllm: 'snapshot', question, families });
  }

  /** Reports changes without a request. */
  #tell(): void {
    if (!process.connected || !this.#hasSeries()) return;
    const families = this.#series().take({ all: false });
    if (families.length > 0) this.#send({ tinyllm: 'snapshot', families });
  }

  /** Reading the metrics ends their configuration. So before there are series, they aren't read. */
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
    // An error means that the primary has ended.
    process.send?.(message, undefined, undefined, () => {
      this.#sending = false;
    });
  }
}
