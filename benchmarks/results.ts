import type { Allocations, CallCosts } from './call-cost.js';
import type { FormatCosts } from './formats/format-costs.js';
import type { InstallSizes } from './install-size.js';
import type { LabelCosts } from './labels/label-costs.js';
import type { MemoryOfSeries } from './memory-of-series.js';
import type { MetricCosts } from './metric-cost.js';
import type { ScrapeCost } from './scrape-cost.js';
import type { StartCosts } from './start-cost.js';
import type { Library } from './subjects/histograms.js';

/** The results for one version of Node. */
export interface OnNode {
  readonly version: string;
  readonly costs: CallCosts;
  readonly allocations: Allocations;
  readonly metrics: MetricCosts;
}

/** All results of one run of the benchmarks. */
export interface Results {
  readonly nodes: readonly OnNode[];
  readonly labels: readonly LabelCosts[];
  readonly scrapes: readonly ScrapeCost[];
  readonly formats: FormatCosts;
  readonly memory: Readonly<Record<Library, MemoryOfSeries>>;
  readonly starts: StartCosts;
  readonly installs: InstallSizes;
}
