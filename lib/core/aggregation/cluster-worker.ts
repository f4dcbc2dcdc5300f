import { isMainThread } from 'node:worker_threads';
import type { SegmentChain } from '../metrics/segment-chain.js';
import { SegmentReader } from '../metrics/segment-reader.js';
import { registry } from '../metrics/shared-registry.js';
import { updateMetrics } from '../metrics/update-metrics.js';
import { ChangedSeries } from './changed-series.js';
import { type FromClusterWorker, isCollectRequest, type ToClusterWorker } from './cluster-protocol.js';
import { nodeCluster } from './node-cluster.js';
import { threadSegments } from './thread-segments.js';

/** How often a worker reports changes. */
const REPORT_MILLISECONDS = 1_000;

/** How long a reply waits for metrics that update their values. Less than the primary waits for the reply. */
const UPDATE_MILLISECONDS = 200;

/**
 * In a `node:cluster` worker, reports the metrics of the shared registry to the primary: on request, once per second if
 * they have changed, and at exit. Does nothing in other processes.
 */
export function reportToClusterPrimary(collected: SegmentChain): void {
  // Check `process.connected` first: most processes have no channel, so they don't need to load `node:cluster`.
  if (!isMainThread || !process.connected || !nodeCluster().isWorker) return;
  new ClusterReporter(collected).start();
}

class ClusterReporter {
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
      if (isCollectRequest(message)) void this.#reply(message);
    });
    setInterval(() => {
      // Don't send more messages before the last one was written to the channel. If the primary doesn't read, the
      // channel fills up.
      if (!this.#sending) this.#report();
    }, REPORT_MILLISECONDS).unref();
    process.on('exit', () => this.#report());
  }

  async #reply({ question, all }: ToClusterWorker): Promise<void> {
    await updateMetrics(registry, { milliseconds: UPDATE_MILLISECONDS });
    const families = this.#hasSeries() ? this.#series().take({ all }) : [];
    this.#send({ tinyllm: 'snapshot', question, families });
  }

  /** Reports changes without a request. */
  #report(): void {
    if (!process.connected || !this.#hasSeries()) return;
    const families = this.#series().take({ all: false });
    if (families.length > 0) this.#send({ tinyllm: 'snapshot', families });
  }

  /**
   * Whether this process has any series. Until then, don't read metrics: the first read creates series, and the
   * application can't configure metrics that have series.
   */
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
