import { followRegistry } from '../../../lib/core/aggregation/follow-registry.js';
import { Gatherer } from '../../../lib/core/aggregation/gatherer.js';
import { writeOpenMetrics } from '../../../lib/core/formats/openmetrics.js';
import { writeText } from '../../../lib/core/formats/text.js';
import { SegmentChain, type SegmentChainOptions } from '../../../lib/core/metrics/segment-chain.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { seriesKey } from '../parse-sample.js';
import { parseText } from '../parse-text.js';

/** A registry in which the cells of removed series are reused at once, and a reader of its memory. */
export class ReusingRegistry {
  readonly registry = new SharedRegistry();
  readonly gatherer = new Gatherer();
  readonly memory: SegmentChain;

  constructor(options: SegmentChainOptions = {}) {
    this.memory = new SegmentChain({ maxSegmentBytes: 2 ** 20, reuseMilliseconds: 0, ...options });
    this.registry.attach({ memory: this.memory, beforeRead: () => {} });
    followRegistry(this.registry, this.gatherer);
  }

  /** The text of a scrape. */
  get text(): string {
    return writeText(this.gatherer.families());
  }

  /** The OpenMetrics text of a scrape. */
  get openMetrics(): string {
    return writeOpenMetrics(this.gatherer.families());
  }

  /** The samples of a scrape. */
  get samples(): Record<string, number> {
    return samplesOf(this.gatherer);
  }
}

/** The samples of a scrape, by name and labels. */
export function samplesOf(gatherer: Gatherer): Record<string, number> {
  const samples = parseText(writeText(gatherer.families())).flatMap((family) => family.samples);
  return Object.fromEntries(samples.map((sample) => [seriesKey(sample), sample.value]));
}
