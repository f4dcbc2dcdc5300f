import { catalog } from '../../catalog/catalog.js';
import { histogramOf, histogramQuantile } from './histogram.js';
import type { Labels, Scrape } from './scrape.js';

/** A kind of steps: the label that contains the name of a step, and the metrics. */
export interface StepKind {
  readonly label: string;
  readonly duration: { readonly name: string };
  readonly errors: { readonly name: string };
}

/** The kinds of steps that the page shows. */
export const stepKinds = {
  node: { label: 'node', duration: catalog.nodeDuration, errors: catalog.nodeErrors },
  tool: { label: 'tool', duration: catalog.toolDuration, errors: catalog.toolErrors },
} as const;

/** Statistics of a node or a tool since its process started; times are in seconds. */
export interface StepStatistics {
  readonly name: string;
  readonly graph: string;
  readonly executions: number;
  readonly errors: number;
  readonly mean: number;
  /** The 95th percentile, estimated from the buckets. */
  readonly p95: number;
}

/**
 * Returns up to `limit` steps with finished executions, sorted by mean duration, longest first.
 *
 * Adds up series that differ only in other labels, such as additional labels of the application.
 */
export function stepStatistics(scrape: Scrape, { label, duration, errors }: StepKind, limit = 10): StepStatistics[] {
  const keyOf = (labels: Labels): string => JSON.stringify([labels[label] ?? '', labels.graph ?? '']);
  const totals = (name: string): ReadonlyMap<string, number> => {
    const sums = new Map<string, number>();
    for (const { labels, value } of scrape.samples(name)) {
      sums.set(keyOf(labels), (sums.get(keyOf(labels)) ?? 0) + value);
    }
    return sums;
  };
  const seconds = totals(`${duration.name}_sum`);
  const failures = totals(errors.name);
  return [...totals(`${duration.name}_count`)]
    .filter(([, executions]) => executions > 0)
    .map(([key, executions]) => ({ key, executions, mean: (seconds.get(key) ?? Number.NaN) / executions }))
    .sort((a, b) => b.mean - a.mean)
    .slice(0, limit)
    .map(({ key, executions, mean }) => {
      const [name, graph]: [string, string] = JSON.parse(key);
      const p95 = histogramQuantile(0.95, histogramOf(scrape, duration.name, { [label]: name, graph })) ?? Number.NaN;
      return { name, graph, executions, errors: failures.get(key) ?? 0, mean, p95 };
    });
}
