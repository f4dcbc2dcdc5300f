import type { Descriptor } from '../metrics/descriptor.js';
import { formatLabels } from './escape.js';
import type { DefaultLabels } from './foreign-metric.js';

/**
 * Labels as they stand between braces.
 *
 * A label of the series' own wins over a default label of that name, and so does `le` of a histogram's buckets.
 */
export function writeLabels(
  { labels, kind }: Pick<Descriptor, 'labels' | 'kind'>,
  values: readonly string[],
  defaultLabels: DefaultLabels = {},
): string {
  const own = Object.fromEntries(labels.map((name, index) => [name, values[index] ?? '']));
  const { le: _, ...withoutBound } = defaultLabels;
  // The order is the own labels' first: a name that comes again keeps its place.
  return formatLabels({ ...own, ...(kind === 'histogram' ? withoutBound : defaultLabels), ...own });
}
