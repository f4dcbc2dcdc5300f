import type { MetricsCollector } from '../collector/collector.js';
import { LabelTree } from '../metrics/label-tree.js';
import { MAX_LABEL_VALUE_LENGTH } from '../metrics/label-value.js';
import type { LabelOption } from './call-options.js';
import { type CallSeries, countInstrumentationError, ignoreRejection } from './call-series.js';

/** The option for a label. The fallback is used if the option is missing, returns nothing or throws. */
export interface LabelSource {
  readonly option: LabelOption | undefined;
  readonly fallback: LabelOption;
}

/** Finds the series of a call from its instance and arguments. Never throws. */
export type SeriesBinder<Series extends CallSeries> = (self: unknown, args: readonly unknown[]) => Series;

/** The default name of a node or graph: the instance's `id`, then its `name`, then its class name. */
export function instanceName(self: { id?: unknown; name?: unknown } | undefined): string {
  return nameIn(self?.id) ?? nameIn(self?.name) ?? nameIn(self?.constructor?.name) ?? 'unknown';
}

function nameIn(value: unknown): string | undefined {
  return (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined;
}

/**
 * Binds label values to series.
 *
 * If every label is a fixed string, the series is bound once: at the first call or before the metrics are first read,
 * whichever is earlier. Otherwise, each call looks up its series in a tree and adds it if it is new.
 */
export function bindLabels<Series extends CallSeries>(
  sources: readonly LabelSource[],
  collector: MetricsCollector,
  create: (values: readonly string[]) => Series,
): SeriesBinder<Series> {
  const fixed = sources.map(({ option, fallback }) => option ?? fallback);
  if (fixed.every((source) => typeof source === 'string')) return bindFixed(fixed, collector, create);
  return bindComputed(sources, collector, create);
}

function bindFixed<Series extends CallSeries>(
  values: readonly string[],
  collector: MetricsCollector,
  create: (values: readonly string[]) => Series,
): SeriesBinder<Series> {
  let bound: Series | undefined;
  const bind = () => {
    bound ??= create(values);
    return bound;
  };
  collector.meter.onFirstRead(bind);
  return () => bound ?? bind();
}

function bindComputed<Series extends CallSeries>(
  sources: readonly LabelSource[],
  collector: MetricsCollector,
  create: (values: readonly string[]) => Series,
): SeriesBinder<Series> {
  const bound = new LabelTree<Series>();
  const labels = sources.map(({ option, fallback }) => new Label(option, fallback, collector));
  const bind = (values: readonly string[]): Series => {
    const known = bound.find(values);
    if (known !== undefined) return known;
    const series = create(values);
    if (mayKeep(series, values, bound)) bound.add(values, series);
    return series;
  };
  const [first, second, third] = labels as [Label, Label, Label];
  // Calls have up to three labels. Each number of labels has its own function, because the function runs at each call.
  if (labels.length === 1) return (self, args) => bind([first.value(self, args)]);
  if (labels.length === 2) return (self, args) => bind([first.value(self, args), second.value(self, args)]);
  if (labels.length === 3) {
    return (self, args) => bind([first.value(self, args), second.value(self, args), third.value(self, args)]);
  }
  return (self, args) => bind(labels.map((label) => label.value(self, args)));
}

/**
 * Whether a series may stay in the tree. Series past the limit are looked up each time, to count them. A series with a
 * long value may not stay either: long values are truncated, so an unlimited number of different values could be stored
 * for the same series.
 */
function mayKeep(series: CallSeries, values: readonly string[], bound: LabelTree<CallSeries>): boolean {
  const { maxSeriesPerMetric } = series.collector.meter;
  return (
    bound.size < maxSeriesPerMetric && !series.folded && values.every((value) => value.length <= MAX_LABEL_VALUE_LENGTH)
  );
}

/** One label of a call. Its value never throws. */
class Label {
  constructor(
    private readonly option: LabelOption | undefined,
    private readonly fallback: LabelOption,
    private readonly collector: MetricsCollector,
  ) {}

  value(self: unknown, args: readonly unknown[]): string {
    return this.#resolve(this.option, self, args) ?? this.#resolve(this.fallback, self, args) ?? 'unknown';
  }

  #resolve(source: LabelOption | undefined, self: unknown, args: readonly unknown[]): string | undefined {
    if (typeof source !== 'function') return source;
    try {
      const value: unknown = source(self, args);
      if (typeof value === 'string') return value;
      if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
      if (value === undefined || value === null) return undefined;
      ignoreRejection(value);
    } catch {
      // A function that throws is counted below, like a function that returns an invalid label value.
    }
    countInstrumentationError(this.collector, 'label');
    return undefined;
  }
}
