import type { catalog } from 'tinyllm/catalog';

/** A metric of the catalog, as expressions use it. */
export interface QueriedMetric {
  readonly name: string;
  readonly labels: readonly string[];
}

/** A histogram of the catalog. */
export type CatalogHistogram = Extract<(typeof catalog)[keyof typeof catalog], { readonly kind: 'histogram' }>;

/** Of which series, and over which time, an expression speaks. */
export interface Scope {
  /** Matchers by label, such as `=~"$model"`; one is left out of a metric that has not the label. */
  readonly matchers: Readonly<Record<string, string>>;
  /** The range of rates, such as `5m`. */
  readonly window: string;
}

/** Labels that Prometheus gives every series of a target. */
const targetLabels = ['job', 'instance'];

/** A selector of a metric's series within a scope; `suffix` is `_bucket`, `_sum` or `_count` of a histogram. */
export function select(metric: QueriedMetric, { matchers }: Scope, suffix = ''): string {
  const inner = Object.entries(matchers)
    .filter(([label]) => targetLabels.includes(label) || label === 'le' || metric.labels.includes(label))
    .map(([label, matcher]) => `${label}${matcher}`)
    .join(', ');
  return `${metric.name}${suffix}${inner === '' ? '' : `{${inner}}`}`;
}

/** How often a counter goes up in a second, added up by labels. */
export function rateOf(metric: QueriedMetric, scope: Scope, by: readonly string[] = [], suffix = ''): string {
  return sumBy(by, `rate(${select(metric, scope, suffix)}[${scope.window}])`);
}

/** By how much a counter went up in the whole window, added up by labels. */
export function increaseOf(metric: QueriedMetric, scope: Scope, by: readonly string[] = []): string {
  return sumBy(by, `increase(${select(metric, scope)}[${scope.window}])`);
}

/** A sum by labels; without any, of everything. */
export function sumBy(by: readonly string[], expression: string): string {
  return `${by.length === 0 ? 'sum' : `sum by (${by.join(', ')})`} (${expression})`;
}

/** A part of a whole, 0 to 1; nothing where there is no whole, and 0 where nothing is known of the part. */
export function share(part: string, whole: string): string {
  return `(${part} or ${whole} * 0) / (${whole} > 0)`;
}

/** A quantile of a histogram, by labels; nothing, rather than NaN, where nothing was observed. */
export function quantileOf(quantile: number, metric: QueriedMetric, scope: Scope, by: readonly string[] = []): string {
  return `histogram_quantile(${quantile}, ${rateOf(metric, scope, [...by, 'le'], '_bucket')}) >= 0`;
}

/** The mean of what a histogram observed, by labels; nothing where nothing was observed. */
export function meanOf(metric: QueriedMetric, scope: Scope, by: readonly string[] = []): string {
  return `${rateOf(metric, scope, by, '_sum')} / (${rateOf(metric, scope, by, '_count')} > 0)`;
}
