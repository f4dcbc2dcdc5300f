import { expositionWriter } from '../../../lib/core/formats/exposition-writer.js';
import type { Family, ReadableSeries } from '../../../lib/core/formats/family.js';
import { readMetrics } from '../../../lib/core/formats/foreign.js';
import type { ForeignMetric, ForeignValue } from '../../../lib/core/formats/foreign-metric.js';
import type { Exposition } from '../../../lib/core/formats/format.js';
import { labelWriter } from '../../../lib/core/formats/label-text.js';
import type { Descriptor } from '../../../lib/core/metrics/descriptor.js';
import { ABSENT_LABEL_VALUE } from '../../../lib/core/metrics/label-value.js';
import type { ForeignReading } from '../../../lib/core/metrics/read-foreign.js';
import { ABSENT_VALUE, END_OF_VALUE, type LabelBytes } from '../../../lib/core/metrics/series-record.js';
import type { ExposedBody } from './go-parse.js';
import type { ModelFamily, ModelSeries } from './model.js';

/** The metrics of a generated registry, in the form that a scrape reads. */
export interface GatheredModel {
  readonly families: readonly Family[];
  readonly readings: readonly ForeignReading[];
}

/** Converts a generated registry. Fails if a metric of another library had to be repaired. */
export async function gatherModel(model: readonly ModelFamily[]): Promise<GatheredModel> {
  const foreign = model.filter(({ isForeign }) => isForeign).map(foreignMetric);
  const readings = await readMetrics(foreign, {});
  const repaired = readings.filter(({ family, isRepaired }) => family === undefined || isRepaired);
  if (repaired.length > 0) throw new Error(`Repaired: ${repaired.map(({ registeredName }) => registeredName)}.`);
  return { families: model.filter(({ isForeign }) => !isForeign).map(ownFamily), readings };
}

/** Writes a registry as the response of a scrape. */
export async function exposeModel(
  { families, readings }: GatheredModel,
  exposition: Exposition,
  created: boolean,
): Promise<ExposedBody> {
  const writer = expositionWriter(exposition);
  const reserved = families.map(({ descriptor: { name, kind } }) => ({ name, type: kind }));
  const { bytes: rest, failed, repaired } = await writer.writeReadings(readings, { reserved });
  if (failed.length + repaired.length > 0) throw new Error(`Omitted or repaired: ${[...failed, ...repaired]}.`);
  // The pieces share their memory.
  const pieces = [...copies(writer.pieces(families, { created, rest }))];
  const { contentType } = writer;
  const statesEscaping = exposition.format !== 'text' && !contentType.includes('escaping=');
  const parameter = statesEscaping ? `; escaping=${exposition.escaping}` : '';
  return { contentType: `${contentType}${parameter}`, body: Buffer.concat(pieces) };
}

function* copies(pieces: Iterable<Buffer>): Generator<Buffer> {
  for (const piece of pieces) yield Buffer.from(piece);
}

function ownFamily(model: ModelFamily): Family {
  const { name, help, kind, unit, labels, points, native, series, defaultLabels, hasLabelBytes } = model;
  if (kind === 'unknown') throw new Error('Metrics of TinyLLM have a type.');
  const descriptor: Descriptor = { name, help, kind, unit, labels, buckets: points, aggregation: 'sum', native };
  const writeLabels = labelWriter(descriptor, defaultLabels);
  return {
    descriptor,
    defaultLabels,
    series: series.map((one): ReadableSeries => {
      const cells = cellsOf(kind, one);
      return {
        labelText: writeLabels(one.labelValues.map((value) => value ?? ABSENT_LABEL_VALUE)),
        labelBytes: hasLabelBytes ? labelBytesOf(one.labelValues) : undefined,
        createdSeconds: one.createdMilliseconds / 1_000,
        cell: (index) => cells[index] ?? 0,
        exemplar: (index) => one.exemplars[index],
        ...(native && { native: () => one.native }),
      };
    }),
  };
}

/** The values of labels as in a segment. Bytes of other records precede and follow them. */
function labelBytesOf(values: ModelSeries['labelValues']): LabelBytes {
  const encoded = values.map((value) =>
    value === undefined ? Buffer.of(ABSENT_VALUE, END_OF_VALUE) : Buffer.from([...Buffer.from(value), END_OF_VALUE]),
  );
  const valuesStart = 3;
  const page = Buffer.concat([Buffer.alloc(valuesStart, 'a'), ...encoded, Buffer.from('b')]);
  return { page, valuesStart, end: page.length - 1 };
}

function cellsOf(kind: ModelFamily['kind'], { value, counts, quantiles, count, sum }: ModelSeries): readonly number[] {
  if (kind === 'histogram') return [...counts, sum];
  return kind === 'summary' ? [...quantiles, count, sum] : [value];
}

function foreignMetric(family: ModelFamily): ForeignMetric {
  const { name, help, kind: type } = family;
  const values = family.series.flatMap((series) => foreignValues(family, series));
  return { name, metric: { get: () => ({ name, help, type, values }) } };
}

function foreignValues({ name, kind, labels: names, points }: ModelFamily, series: ModelSeries): ForeignValue[] {
  const labels = Object.fromEntries(
    names.flatMap((label, index) => {
      const value = series.labelValues[index];
      return value === undefined ? [] : [[label, value]];
    }),
  );
  const exemplarAt = (index: number): Pick<ForeignValue, 'exemplar'> => {
    const exemplar = series.exemplars[index];
    if (exemplar === undefined) return {};
    const { labels: labelSet, value, timestampSeconds: timestamp } = exemplar;
    return { exemplar: { labelSet, value, timestamp } };
  };
  if (kind === 'histogram') {
    let count = 0;
    const buckets = series.counts.map((own, index): ForeignValue => {
      count += own;
      const le = points[index] ?? '+Inf';
      return { labels: { ...labels, le }, value: count, metricName: `${name}_bucket`, ...exemplarAt(index) };
    });
    return [...buckets, ...totals(name, labels, { count, sum: series.sum })];
  }
  if (kind === 'summary') {
    const quantiles = points.map((quantile, index) => ({
      labels: { ...labels, quantile },
      value: series.quantiles[index]!,
    }));
    return [...quantiles, ...totals(name, labels, series)];
  }
  return [{ labels, value: series.value, ...(kind === 'counter' ? exemplarAt(0) : {}) }];
}

function totals(
  name: string,
  labels: Readonly<Record<string, unknown>>,
  { count, sum }: Pick<ModelSeries, 'count' | 'sum'>,
): ForeignValue[] {
  return [
    { labels, value: sum, metricName: `${name}_sum` },
    { labels, value: count, metricName: `${name}_count` },
  ];
}
