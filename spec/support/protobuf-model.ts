import type { Exemplar } from '../../lib/core/formats/family.js';
import type { NativeBuckets } from '../../lib/core/metrics/native/native-histogram.js';
import { labelsOf, type ModelFamily, type ModelSeries } from './any-family.js';
import type { ReadExemplar, ReadFamily, ReadMetric, ReadSpans } from './protobuf-reader.js';

/** A series in a form in which a model and what was written can be compared. */
export interface ComparableSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly createdSeconds: number | undefined;
  readonly value?: number | undefined;
  readonly count?: bigint | undefined;
  readonly sum?: number | undefined;
  readonly points?: readonly (readonly [point: number, value: number | bigint])[] | undefined;
  /** By bucket; -1 is a counter, and -2 the exemplars of a native histogram. */
  readonly exemplars: readonly (readonly [place: number, exemplar: ReadExemplar | undefined])[];
  readonly native?: unknown;
}

/** The series that the protobuf format should contain. */
export function expectedSeries(model: ModelFamily): ComparableSeries[] {
  const { kind } = model.descriptor;
  return model.series
    .filter(({ cells }) => kind !== 'info' || cells[0] !== 0)
    .map((one) => ({ labels: labelsOf(model, one), ...VALUES[kind](one, model.descriptor.buckets) }));
}

type Values = Omit<ComparableSeries, 'labels'>;

const VALUES: Readonly<
  Record<ModelFamily['descriptor']['kind'], (series: ModelSeries, points: readonly number[]) => Values>
> = {
  gauge: ({ cells: [value] }) => ({ createdSeconds: undefined, exemplars: [], value }),
  info: () => ({ createdSeconds: undefined, exemplars: [], value: 1 }),
  counter: ({ cells: [value], createdSeconds, exemplars }) => ({
    createdSeconds,
    value,
    exemplars: exemplars.has(0) ? [[-1, exemplars.get(0)]] : [],
  }),
  summary: ({ cells, createdSeconds }, quantiles) => ({
    createdSeconds,
    exemplars: [],
    count: BigInt(cells[quantiles.length]!),
    sum: cells[quantiles.length + 1],
    points: quantiles.map((quantile, index) => [quantile, cells[index]!]),
  }),
  histogram: (series, bounds) => {
    const { cells, createdSeconds, exemplars, native } = series;
    const total = native === undefined ? undefined : BigInt(nativeTotal(native));
    let count = 0n;
    const all = [...bounds, Number.POSITIVE_INFINITY].map((bound, index) => {
      count += BigInt(cells[index]!);
      return [bound, total !== undefined && count > total ? total : count] as const;
    });
    const classic = [...exemplars].filter(([index]) => index <= bounds.length).sort(([a], [b]) => a - b);
    const timed = classic.map(([, exemplar]): [number, Exemplar] => [-2, exemplar]);
    return {
      createdSeconds,
      count: total ?? count,
      sum: cells[bounds.length + 1],
      points: all.slice(0, bounds.length),
      exemplars: [...classic, ...(native === undefined ? [] : timed)],
      native: native && {
        schema: native.schema,
        zeroThreshold: native.zeroThreshold,
        zeroCount: BigInt(native.zeroCount),
        positive: bucketMap(native.positive),
        negative: bucketMap(native.negative),
      },
    };
  },
};

function nativeTotal({ zeroCount, positive, negative }: NonNullable<ModelSeries['native']>): number {
  return [zeroCount, ...positive.counts, ...negative.counts].reduce((sum, count) => sum + count, 0);
}

function bucketMap({ indexes, counts }: NativeBuckets): [number, bigint][] {
  return indexes.map((index, position) => [index, BigInt(counts[position]!)]);
}

/** The series that were written. */
export function writtenSeries({ metrics }: ReadFamily): ComparableSeries[] {
  return metrics.map((metric) => {
    const { labels, field, value, count, sum, createdSeconds } = metric;
    const common = { labels: Object.fromEntries(labels), createdSeconds };
    if (field === 'summary') return { ...common, exemplars: [], count, sum, points: metric.quantiles };
    if (field === 'histogram') return { ...common, count, sum, ...histogramOf(metric) };
    return { ...common, value, exemplars: metric.exemplar === undefined ? [] : [[-1, metric.exemplar] as const] };
  });
}

function histogramOf(metric: ReadMetric): Pick<ComparableSeries, 'points' | 'exemplars' | 'native'> {
  const { buckets = [], schema, zeroThreshold, zeroCount, positive, negative, exemplars = [] } = metric;
  const classic = buckets.flatMap(({ exemplar }, index) =>
    exemplar === undefined ? [] : [[index, exemplar] as const],
  );
  return {
    points: buckets.filter(({ bound }) => bound !== Number.POSITIVE_INFINITY).map(({ bound, count }) => [bound, count]),
    exemplars: [...classic, ...exemplars.map((exemplar) => [-2, exemplar] as const)],
    native:
      schema === undefined
        ? undefined
        : { schema, zeroThreshold, zeroCount, positive: expand(positive!), negative: expand(negative!) },
  };
}

/** The buckets of the spans, without empty ones. */
function expand({ spans, deltas }: ReadSpans): [number, bigint][] {
  const buckets: [number, bigint][] = [];
  let index = 0;
  let position = 0;
  let count = 0n;
  for (const [offset, length] of spans) {
    index += offset;
    for (let step = 0; step < length; step++) {
      const delta = deltas[position++];
      if (delta === undefined) throw new Error('The spans have more buckets than there are deltas.');
      count += delta;
      if (count < 0n) throw new Error('A bucket with a negative count.');
      if (count > 0n) buckets.push([index, count]);
      index++;
    }
  }
  if (position !== deltas.length) throw new Error('There are more deltas than the spans have buckets.');
  return buckets;
}
