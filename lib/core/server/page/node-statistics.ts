import { catalog } from '../../catalog/catalog.js';
import { quantile } from './quantile.js';
import { bucketsOf } from './reading.js';
import type { Labels, Scrape } from './scrape.js';

/** Statistics of a node since its process started; times are in seconds. */
export interface NodeStatistics {
  readonly node: string;
  readonly graph: string;
  readonly executions: number;
  readonly errors: number;
  readonly mean: number;
  /** The 95th percentile, estimated from the buckets. */
  readonly p95: number;
}

/** Returns up to `limit` nodes with finished executions, sorted by mean duration, longest first. */
export function nodeStatistics(scrape: Scrape, limit = 10): NodeStatistics[] {
  const { name } = catalog.nodeDuration;
  const sums = new Map(scrape.samples(`${name}_sum`).map(({ labels, value }) => [keyOf(labels), value]));
  return scrape
    .samples(`${name}_count`)
    .filter(({ value }) => value > 0)
    .map(({ labels, value }) => ({ labels, executions: value, mean: (sums.get(keyOf(labels)) ?? Number.NaN) / value }))
    .sort((a, b) => b.mean - a.mean)
    .slice(0, limit)
    .map(({ labels: { node = '', graph = '' }, executions, mean }) => ({
      node,
      graph,
      executions,
      errors: errorsOf(scrape, node, graph),
      mean,
      p95: quantile(0.95, bucketsOf(scrape, `${name}_bucket`, { node, graph })) ?? Number.NaN,
    }));
}

function errorsOf(scrape: Scrape, node: string, graph: string): number {
  return scrape
    .samples(catalog.nodeErrors.name)
    .filter(({ labels }) => labels.node === node && labels.graph === graph)
    .reduce((sum, { value }) => sum + value, 0);
}

function keyOf({ node, graph }: Labels): string {
  return JSON.stringify([node, graph]);
}
