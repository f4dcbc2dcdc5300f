import {
  type Aggregation,
  addNative,
  type Descriptor,
  type Family,
  type ForeignMetric,
  type NativeHistogram,
  type ReadableSeries,
} from 'tinyllm/server';
import { labelSet, readLabels } from '../pushes/label-set.js';
import { sameNumbers } from '../pushes/read-push.js';
import { combine, gaugeAggregations, gaugeCombination } from './combine-gauges.js';
import { isDescribable, nativeSettingsOf, toFamily, toForeign, toReadable } from './hub-families.js';
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
 * Gauges are combined by their aggregation. A gauge with the aggregation `omit` is omitted if several processes have
 * the series. The native buckets of a histogram are added if they contain all observations of both, and omitted
 * otherwise. Counts and sums of summaries are added. Their quantiles are the maximum, as over several pushers. Pushed
 * quantiles that this process does not have are omitted.
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
  if (!fits(descriptor, pushed, own.length)) return own.length === 0 ? undefined : { descriptor, series: own };
  const how = combinationOf(descriptor);
  const pushedByKey = new Map(pushed.series.map((one) => [keyOf(one.labelText), one]));
  const added = own.flatMap((one) => {
    const key = keyOf(one.labelText);
    const other = pushedByKey.get(key);
    pushedByKey.delete(key);
    if (other === undefined) return [one];
    return how === 'omit' ? [] : [addSeries(descriptor, one, other)];
  });
  const others = [...pushedByKey.values()].filter(({ pushers = 1 }) => how !== 'omit' || pushers === 1);
  const native = descriptor.native ?? nativeSettingsOf(pushed);
  return {
    descriptor: native === descriptor.native ? descriptor : { ...descriptor, native },
    series: [...added, ...others.map((one) => toReadable(descriptor, one))],
  };
}

/** Whether the pushed series can be added to the own ones. */
function fits({ kind, buckets }: Descriptor, { type, bounds }: SummedFamily, ownCount: number): boolean {
  // Without own series, the pushed quantiles are returned.
  if (kind === 'summary') return type === 'summary' && ownCount > 0;
  return (kind === 'info' ? 'gauge' : kind) === type && sameNumbers(buckets, bounds);
}

function combinationOf(descriptor: Descriptor): Aggregation {
  const { kind, name } = descriptor;
  return kind === 'gauge' || kind === 'info' ? gaugeCombination(name, gaugeAggregations([descriptor])) : 'sum';
}

function addSeries(descriptor: Descriptor, own: ReadableSeries, pushed: SummedSeries): ReadableSeries {
  const { kind, buckets } = descriptor;
  const how = combinationOf(descriptor);
  const { pushers = 1 } = pushed;
  const { createdSeconds, cell } = toReadable(descriptor, pushed);
  const native =
    kind === 'histogram' ? (): NativeHistogram | undefined => addedNative(descriptor, own, pushed) : undefined;
  return {
    labelText: own.labelText,
    createdSeconds: Math.min(own.createdSeconds, createdSeconds),
    cell: (index) => {
      const [one, other] = [own.cell(index), cell(index)];
      if (kind === 'summary' && index < buckets.length) return combine('max', one, other);
      return how === 'average' ? (one + other * pushers) / (pushers + 1) : combine(how, one, other);
    },
    ...(own.exemplar && { exemplar: own.exemplar.bind(own) }),
    ...(native && { native }),
  };
}

/** The native buckets of both, if they contain all observations. A histogram without observations needs no buckets. */
function addedNative(
  { buckets }: Descriptor,
  own: ReadableSeries,
  { numbers, native: pushed }: SummedSeries,
): NativeHistogram | undefined {
  const [ownNative, pushedCounts] = [own.native?.(), numbers.slice(0, buckets.length + 1)];
  if (ownNative !== undefined && pushed !== undefined) return addNative(ownNative, pushed);
  if (ownNative !== undefined) return pushedCounts.every((count) => count === 0) ? ownNative : undefined;
  const isOwnEmpty = pushedCounts.every((_, index) => own.cell(index) === 0);
  return isOwnEmpty ? pushed : undefined;
}

function keyOf(labelText: string): string {
  return labelSet(readLabels(labelText)?.labels ?? []).key;
}
