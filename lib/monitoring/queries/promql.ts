import type { catalog } from 'tinyllm/catalog';
import type { HistogramVariant } from '../settings/histogram-variant.js';
import { type FilterLabels, filterLabelsOf, labelMatcher, type QueriedMetric } from './additional-labels.js';

/** A histogram of the catalog. */
export type CatalogHistogram = Extract<(typeof catalog)[keyof typeof catalog], { readonly kind: 'histogram' }>;

/** The series and the time range of an expression. */
export interface Scope {
  /** Matchers by label, such as `=~"$model"`. Metrics without the label ignore its matcher. */
  readonly matchers: Readonly<Record<string, string>>;
  /** The additional labels whose dashboard variables select the series. Default: none. */
  readonly filterLabels?: FilterLabels;
  /** The range of rates, such as `5m`. */
  readonly window: string;
  /** Default: classic. */
  readonly histograms?: HistogramVariant;
}

/** Labels that Prometheus gives every series of a target. */
const targetLabels = ['job', 'instance'];

/** Selects the series of a metric in a scope. For classic histograms, `suffix` is `_bucket`, `_sum` or `_count`. */
export function select(metric: QueriedMetric, { matchers, filterLabels }: Scope, suffix = ''): string {
  const own = Object.entries(matchers).filter(
    ([label]) => targetLabels.includes(label) || label === 'le' || metric.labels.includes(label),
  );
  const filters = filterLabels === undefined ? [] : filterLabelsOf(metric, filterLabels);
  const inner = [...own.map(([label, matcher]) => `${label}${matcher}`), ...filters.map(labelMatcher)].join(', ');
  return `${metric.name}${suffix}${inner === '' ? '' : `{${inner}}`}`;
}

/** The per-second rate of a counter, summed by labels. */
export function rateOf(metric: QueriedMetric, scope: Scope, by: readonly string[] = [], suffix = ''): string {
  return sumBy(by, `rate(${select(metric, scope, suffix)}[${scope.window}])`);
}

/** The increase of a counter in the window, summed by labels. */
export function increaseOf(metric: QueriedMetric, scope: Scope, by: readonly string[] = []): string {
  return sumBy(by, `increase(${select(metric, scope)}[${scope.window}])`);
}

/** A sum by labels. Without labels, the total sum. */
export function sumBy(by: readonly string[], expression: string): string {
  return `${by.length === 0 ? 'sum' : `sum by (${by.join(', ')})`} (${expression})`;
}

/** The ratio of a part to a whole, 0 to 1. Empty if the whole is 0 or missing, and 0 if only the part is missing. */
export function share(part: string, whole: string): string {
  return `(${part} or ${whole} * 0) / (${whole} > 0)`;
}
