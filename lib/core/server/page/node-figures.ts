import { catalog } from '../../catalog/catalog.js';
import { quantile } from './quantile.js';
import { bucketsOf } from './reading.js';
import type { Labels, Scrape } from './scrape.js';

/** How a node has done since its process began; times in seconds. */
export interface NodeFigures {
  readonly node: string;
  readonly graph: string;
  readonly executions: number;
  readonly errors: number;
  readonly mean: number;
  /** Estimated from the buckets: 95 of 100 executions took no longer. */
  readonly p95: number;
}

/** The nodes that have run to an end, the slowest by their mean first, and no more than `most` of them. */
export function nodeFigures(scrape: Scrape, most = 10): NodeFigures[] {
  const { name } = catalog.nodeDuration;
  const sums = new Map(scrape.samples(`${name}_sum`).map(({ labels, value }) => [keyOf(labels), value]));
  return scrape
    .samples(`${name}_count`)
    .filter(({ value }) => value > 0)
    .map(({ labels, value }) => ({ labels, executions: value, mean: (sums.get(keyOf(labels)) ?? Number.NaN) / value }))
    .sort((a, b) => b.mean - a.mean)
    .slice(0, most)
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
