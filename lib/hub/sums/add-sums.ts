import type { Descriptor, Family, ForeignMetric, ReadableSeries } from 'tinyllm/server';
import { labelSet, readLabels } from '../pushes/label-set.js';
import { sameNumbers } from '../pushes/read-push.js';
import { combine, gaugeCombination } from './combine-gauges.js';
import { isDescribable, toFamily, toForeign, toReadable } from './hub-families.js';
import type { SummedFamily, SummedSeries } from './hub-sums.js';

/** The metrics of a scrape. */
export interface ScrapeMetrics {
  /** The metrics of TinyLLM. */
  readonly families: readonly Family[];
  /**
   * Metrics in the shape of prom-client's metrics: the application's own metrics, and sums that a `Family` can't
   * represent.
   */
  readonly foreign: readonly ForeignMetric[];
}

/**
 * Adds the sums of a hub to the metrics of its own process. The result has one family per name and one series per label
 * set.
 *
 * If `foreign` contains a metric with the name of a pushed metric, the result contains only the metric in `foreign`.
 */
export function addSums({ families, foreign }: ScrapeMetrics, sums: readonly SummedFamily[]): ScrapeMetrics {
  const pushedByName = new Map(sums.map((family) => [family.name, family]));
  for (const { name } of foreign) pushedByName.delete(name);
  const own = families.map((family) => {
    const { name } = family.descriptor;
    const pushed = pushedByName.get(name);
    if (pushed === undefined) return family;
    const added = addFamily(family, pushed);
    if (added !== undefined) pushedByName.delete(name);
    // If the metric has no series in this process, pushes may have another type.
    return added ?? { descriptor: family.descriptor, series: [] };
  });
  const pushed = [...pushedByName.values()];
  const pushedNames = new Set(pushedByName.keys());
  return {
    families: [
      ...own.filter(({ descriptor }) => !pushedNames.has(descriptor.name)),
      ...pushed.filter(isDescribable).map(toFamily),
    ],
    foreign: [...foreign, ...pushed.filter((family) => !isDescribable(family)).map(toForeign)],
  };
}

/** Adds the sums of one metric. Returns `undefined` if type or buckets differ and this process has no series. */
function addFamily({ descriptor, series }: Family, pushed: SummedFamily): Family | undefined {
  const own = [...series];
  const { kind, buckets } = descriptor;
  const fits = (kind === 'info' ? 'gauge' : kind) === pushed.type && sameNumbers(buckets, pushed.bounds);
  if (!fits) return own.length === 0 ? undefined : { descriptor, series: own };
  const pushedByKey = new Map(pushed.series.map((one) => [keyOf(one.labelText), one]));
  const added = own.map((one) => {
    const key = keyOf(one.labelText);
    const other = pushedByKey.get(key);
    pushedByKey.delete(key);
    return other === undefined ? one : addSeries(descriptor, one, other);
  });
  return { descriptor, series: [...added, ...[...pushedByKey.values()].map(toReadable)] };
}

function addSeries({ kind, name }: Descriptor, own: ReadableSeries, pushed: SummedSeries): ReadableSeries {
  const how = kind === 'gauge' || kind === 'info' ? gaugeCombination(name) : 'sum';
  return {
    labelText: own.labelText,
    createdSeconds: Math.min(own.createdSeconds, pushed.createdSeconds),
    cell: (index) => combine(how, own.cell(index), pushed.numbers[index] ?? 0),
    ...(own.exemplar && { exemplar: own.exemplar.bind(own) }),
  };
}

function keyOf(labelText: string): string {
  return labelSet(readLabels(labelText)?.labels ?? []).key;
}
