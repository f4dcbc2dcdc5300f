import fc from 'fast-check';
import { formatLabels } from '../../lib/core/formats/escape.js';
import type { Exemplar, Family, ReadableSeries } from '../../lib/core/formats/family.js';
import type { Descriptor, MetricKind } from '../../lib/core/metrics/descriptor.js';
import { ABSENT_LABEL_VALUE } from '../../lib/core/metrics/label-value.js';
import type { NativeBuckets, NativeHistogram } from '../../lib/core/metrics/native/native-histogram.js';
import { encodeSeries, LoggedSeries } from '../../lib/core/metrics/series-record.js';

/** The values of a series of any kind. */
export interface ModelSeries {
  /** In the order of the labels. */
  readonly labelValues: readonly string[];
  readonly cells: readonly number[];
  readonly createdSeconds: number;
  /** By index of a cell. */
  readonly exemplars: ReadonlyMap<number, Exemplar>;
  readonly native: NativeHistogram | undefined;
}

/** A family of any kind, with the values of its series. */
export interface ModelFamily {
  readonly descriptor: Descriptor;
  readonly defaultLabels: Readonly<Record<string, string>>;
  readonly series: readonly ModelSeries[];
}

const anyName = fc.stringMatching(/^[a-z]{1,4}$/);
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '"', '\\', '\n', '\\n', '🦙', 'x'.repeat(127), 'é'.repeat(64), 'y'.repeat(20_000)),
);
const anyCount = fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 2 ** 40 }));
const anyTime = fc.integer({ min: 0, max: 4e12 }).map((milliseconds) => milliseconds / 1_000);
const anyExemplar = fc.record({
  labels: fc.dictionary(anyName, fc.string({ unit: 'grapheme', maxLength: 10 }), { maxKeys: 3 }),
  value: fc.double(),
  timestampSeconds: anyTime,
});
const anyExemplars = fc.dictionary(fc.nat(3).map(String), anyExemplar, { maxKeys: 2 });

const anyBuckets: fc.Arbitrary<NativeBuckets> = fc
  .uniqueArray(fc.integer({ min: -1_000, max: 1_000 }), { maxLength: 20 })
  .chain((indexes) => {
    const sorted = indexes.toSorted((one, other) => one - other);
    const counts = fc.array(fc.oneof(fc.nat(300), fc.integer({ min: 1, max: 2 ** 47 })), {
      ...{ minLength: sorted.length, maxLength: sorted.length },
    });
    return counts.map((all) => ({ indexes: sorted, counts: all.map((count) => count + 1) }));
  });

/** Any native histogram whose count is at most 2^53. */
export const anyNative: fc.Arbitrary<NativeHistogram> = fc.record({
  schema: fc.integer({ min: -4, max: 8 }),
  zeroThreshold: fc.constantFrom(0, 2 ** -128, 0.001),
  zeroCount: anyCount,
  positive: anyBuckets,
  negative: anyBuckets,
});

function cellsOf(kind: MetricKind, points: number): fc.Arbitrary<number[]> {
  const doubles = (length: number) => fc.array(fc.double(), { minLength: length, maxLength: length });
  if (kind === 'summary') {
    return fc.tuple(doubles(points), anyCount, fc.double()).map(([values, ...rest]) => [...values, ...rest]);
  }
  if (kind !== 'histogram') return doubles(1);
  const counts = fc.array(anyCount, { minLength: points + 1, maxLength: points + 1 });
  return fc.tuple(counts, fc.double()).map(([all, sum]) => [...all, sum]);
}

/** Any family. `hasNative` adds native buckets to some histograms. */
export function anyFamily({ hasNative }: { readonly hasNative: boolean }): fc.Arbitrary<ModelFamily> {
  const anyDescriptor = fc
    .record({
      kind: fc.constantFrom<MetricKind>('counter', 'gauge', 'histogram', 'info', 'summary'),
      name: fc.stringMatching(/^[a-z]{1,8}$/),
      help: fc.string({ unit: 'grapheme' }),
      labels: fc.uniqueArray(anyName, { maxLength: 3 }),
      points: fc.uniqueArray(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 4 }),
    })
    .map(({ kind, name, points, ...rest }): Descriptor => {
      const suffix = kind === 'counter' ? '_total' : kind === 'info' ? '_info' : '';
      // -0 and 0 are the same bucket.
      const sorted = [...new Set(points.map((point) => point + 0))].sort((one, other) => one - other);
      const buckets = kind === 'histogram' ? sorted : kind === 'summary' ? [0.5, 0.99].slice(sorted.length) : [];
      return { ...rest, name: name + suffix, kind, unit: undefined, buckets, aggregation: 'sum' };
    });
  return anyDescriptor
    .chain((descriptor) => {
      const { kind, labels, buckets } = descriptor;
      const isNative = hasNative && kind === 'histogram';
      const anyValue = fc.oneof(
        { weight: 9, arbitrary: anyText.map((text) => text.toWellFormed()) },
        { weight: 1, arbitrary: fc.constant(ABSENT_LABEL_VALUE) },
      );
      const anySeries = fc.record({
        labelValues: fc.array(anyValue, { minLength: labels.length, maxLength: labels.length }),
        cells: cellsOf(kind, buckets.length),
        createdSeconds: anyTime,
        exemplars: anyExemplars.map((all) => new Map(Object.entries(all).map(([index, one]) => [Number(index), one]))),
        native: isNative ? fc.option(anyNative, { nil: undefined }) : fc.constant(undefined),
      });
      return fc.record({
        descriptor: fc.constant(descriptor),
        defaultLabels: fc.dictionary(fc.oneof(anyName, fc.constantFrom('le', 'quantile')), anyText, { maxKeys: 2 }),
        series: fc.array(anySeries, { maxLength: 5 }),
      });
    })
    .map(withDistinctSeries);
}

/** Keeps the first series of each label set. Labels with an empty value don't count. */
function withDistinctSeries(model: ModelFamily): ModelFamily {
  const series = new Map<string, ModelSeries>();
  for (const one of model.series) {
    const present = Object.entries(labelsOf(model, one)).filter(([, value]) => value !== '');
    const key = JSON.stringify(present.sort(([a], [b]) => (a < b ? -1 : 1)));
    if (!series.has(key)) series.set(key, one);
  }
  return { ...model, series: [...series.values()] };
}

/** The labels of a series: its own, and the default labels whose names are free. */
export function labelsOf(
  { descriptor: { labels, kind }, defaultLabels }: ModelFamily,
  { labelValues }: ModelSeries,
): Record<string, string> {
  const own = labels.map((label, index) => [label, labelValues[index]!] as const);
  const present = Object.fromEntries(own.filter(([, value]) => value !== ABSENT_LABEL_VALUE));
  const reserved = { histogram: 'le', summary: 'quantile' }[kind as string];
  const defaults = Object.entries(defaultLabels).filter(([label]) => !(label in present) && label !== reserved);
  return Object.fromEntries(
    [...Object.entries(present), ...defaults].map(([name, value]) => [name, value.toWellFormed()]),
  );
}

/** Converts a model to a family. With `isLogged`, its label values are bytes in a log. */
export function familyOfModel(model: ModelFamily, { isLogged }: { readonly isLogged: boolean }): Family {
  const { descriptor, defaultLabels } = model;
  const series = model.series.map((one): ReadableSeries => {
    const { labelValues, createdSeconds } = one;
    const log = encodeSeries({ type: 'series', metric: 1, cell: 2, createdSeconds, labelValues });
    return {
      labelText: formatLabels(labelsOf(model, one)),
      createdSeconds,
      cell: (index) => one.cells[index] ?? 0,
      exemplar: (index) => one.exemplars.get(index),
      native: () => one.native,
      ...(isLogged && { labelBytes: new LoggedSeries(log, 0, log.length) }),
    };
  });
  return { descriptor, series, defaultLabels };
}
