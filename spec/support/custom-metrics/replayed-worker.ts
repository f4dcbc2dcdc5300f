import { ChangedSeries } from '../../../lib/core/aggregation/changed-series.js';
import { Gatherer } from '../../../lib/core/aggregation/gatherer.js';
import type { Family } from '../../../lib/core/formats/family.js';
import { SegmentChain } from '../../../lib/core/metrics/segment-chain.js';
import { SegmentWriter } from '../../../lib/core/metrics/segment-writer.js';
import { valuesPerSeries } from '../../../lib/core/metrics/series.js';
import type { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { samplesOf } from './reusing-registry.js';

/** The primary's copy of a worker's metrics. The reports of the worker are converted to JSON and back. */
export class ReplayedWorker {
  readonly #changed: ChangedSeries;
  readonly #writer = new SegmentWriter();
  readonly #gatherer = new Gatherer();
  #isReported = false;

  constructor(registry: SharedRegistry) {
    this.#changed = new ChangedSeries(registry);
    this.#gatherer.add(0, new SegmentChain({ maxSegmentBytes: 2 ** 20 }).segments[0]!.buffer);
    this.#writer.memory.follow(({ buffer }, index) => this.#gatherer.add(1, buffer, index));
  }

  /** Writes the changes since the last call. Returns the number of reported series. */
  report(): number {
    const families = JSON.parse(JSON.stringify(this.#changed.take({ all: !this.#isReported })));
    this.#isReported = true;
    let count = 0;
    for (const { descriptor, series, removed = [] } of families) {
      for (const labelValues of removed) this.#writer.remove(descriptor, labelValues);
      for (const { cells, ...identity } of series) {
        if (cells.length !== valuesPerSeries(descriptor)) throw new Error('The number of cells is wrong.');
        this.#writer.write(descriptor, { ...identity, cells: cells.map(Number) });
        count++;
      }
    }
    return count;
  }

  /** The metrics in a scrape of the primary. */
  get families(): readonly Family[] {
    return this.#gatherer.families();
  }

  /** The samples of a scrape of the primary. */
  get samples(): Record<string, number> {
    return samplesOf(this.#gatherer);
  }
}
