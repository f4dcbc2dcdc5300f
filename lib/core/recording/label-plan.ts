import type { MetricsCollector } from '../collector/collector.js';
import type { CallSite, LabelSource } from './call-label.js';
import type { LabelOption } from './call-options.js';
import type { CallSeries } from './call-series.js';

/** Finds the series of a call from its instance and arguments. Never throws. */
export type SeriesBinder<Series extends CallSeries> = (self: unknown, args: readonly unknown[]) => Series;

/** How to find the series of calls. */
export interface LabelPlan<Series extends CallSeries> {
  /** The labels that TinyLLM's metrics have. */
  readonly sources: readonly LabelSource[];
  /** The values of additional labels, by name. */
  readonly additional?: Readonly<Record<string, LabelOption | undefined>> | undefined;
  readonly collector: MetricsCollector;
  /** The decorated method. If it is missing, problems of label functions are not reported. */
  readonly site?: CallSite | undefined;
  /** Creates the series of one set of label values: those of `sources`, then those of the additional labels. */
  create(values: readonly string[]): Series;
}
