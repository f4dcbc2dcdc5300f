import { type Label, labelSet } from './label-set.js';
import { excerpt, type Place, PushRefused, rejectAt } from './push-refused.js';
import { LabelReader, metricName } from './pushed-names.js';
import { readValues, type StatedValues, type WireType } from './read-values.js';
import type { Pace, SlicedWork } from './sliced-work.js';
import { NO_POINTS, type PushContext, rejectDuplicate, type StatedFamily, withoutLabels } from './stated-series.js';
import { WireReader } from './wire-reader.js';

// Field numbers: https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto
const FAMILY = { name: 1, help: 2, type: 3, metric: 4 } as const;
const METRIC = { label: 1, timestamp: 6 } as const;
const LABEL = { name: 1, value: 2 } as const;

/**
 * The metric types, in the order of their numbers in `MetricType`. `field` is the number of the field of `Metric` that
 * contains the values.
 */
const TYPES: readonly (readonly [type: WireType, field: number])[] = [
  ['counter', 3],
  ['gauge', 2],
  ['summary', 4],
  ['untyped', 5],
  ['histogram', 7],
  ['gaugehistogram', 7],
];

/** The parts of a `MetricFamily`. */
interface FamilyParts {
  readonly name: string;
  readonly help: string;
  readonly type: number;
  readonly metrics: readonly WireReader[];
}

/**
 * Reads length-delimited `io.prometheus.client.MetricFamily` messages, the format of client_golang.
 *
 * Reads classic and native buckets. A gauge histogram becomes the gauges `x_bucket`, `x_gcount` and `x_gsum`, without
 * its native buckets. Rejects timestamps, like a Pushgateway. Ignores exemplars and unknown fields. Messages with the
 * same name and type are merged into one metric.
 *
 * @throws {PushRefused} with status 400 or 413. The message of a 400 contains the byte offset, or the positions of
 *   the family and the series.
 */
export function* readProtobuf(bytes: Buffer, context: PushContext): SlicedWork<StatedFamily[]> {
  const families = new Map<string, StatedFamily>();
  const stream = new WireReader(bytes);
  const maxMetrics = Math.max(10_000, Math.ceil(bytes.length / 8));
  let metrics = 0;
  for (let number = 1; stream.size > 0; number += 1) {
    const parts = yield* readParts(stream.delimited(), maxMetrics, context.pace);
    metrics += parts.metrics.length;
    if (metrics > maxMetrics) rejectCount(maxMetrics);
    for (const [index, metric] of parts.metrics.entries()) {
      if (context.pace.spend(metric.size + 32)) yield;
      addMetric(families, metric, parts, { ...context, family: number, series: index + 1 });
    }
  }
  return [...families.values()];
}

function* readParts(reader: WireReader, limit: number, pace: Pace): SlicedWork<FamilyParts> {
  let [name, help, type] = ['', '', 0];
  const metrics: WireReader[] = [];
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === FAMILY.name) name = reader.text();
    else if (field === FAMILY.help) help = reader.text();
    else if (field === FAMILY.type) type = reader.unsigned();
    else if (field === FAMILY.metric) metrics.push(reader.message());
    else reader.skip();
    if (metrics.length > limit) rejectCount(limit);
    if (pace.spend(8)) yield;
  }
  if (pace.spend(8)) yield;
  return { name, help, type, metrics };
}

function rejectCount(limit: number): never {
  throw new PushRefused(413, `more than ${limit} series in a push of this size; push fewer metrics at a time.`);
}

interface MetricContext extends PushContext {
  readonly family: number;
  readonly series: number;
}

function addMetric(
  families: Map<string, StatedFamily>,
  reader: WireReader,
  { name: written, help, type: number }: FamilyParts,
  { family, series, grouping, note }: MetricContext,
): void {
  const place: Place = { family, series };
  const name = metricName(written, place);
  const [type, valuesField] = TYPES[number] ?? rejectAt(400, place, `the type ${number} of ${name}; expected 0 to 5`);
  const labels = new LabelReader(place);
  let values: StatedValues | undefined;
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === METRIC.label) readLabel(reader.message(), labels);
    else if (field === METRIC.timestamp) rejectAt(400, place, 'a timestamp; pushed samples must not have timestamps');
    else if (field === valuesField) values = readValues(type, reader.message(), place);
    else reader.skip();
  }
  if (values === undefined) rejectAt(400, place, `the ${type} ${name} has no values`);
  const own = withoutLabels(labels.labels, undefined, grouping);
  if (type !== 'gaugehistogram') {
    const structural = type === 'histogram' ? 'le' : type === 'summary' ? 'quantile' : undefined;
    if (own.some(([label]) => label === structural)) {
      const field = type === 'histogram' ? 'bucket' : 'quantile';
      rejectAt(400, place, `a ${type} must not have the label ${structural}; use the field ${field}`);
    }
    addSeries(familyOf(families, { name, type, help, place }), own, { ...values, place });
    return;
  }
  if (values.native !== undefined) {
    note(place, `the native buckets of ${name} are ignored: gauge histograms have only classic buckets in the hub`);
  }
  const addGauge = (suffix: string, value: number, more: readonly Label[] = []): void => {
    const gauge = familyOf(families, { name: name + suffix, type: 'gauge', help, place });
    addSeries(gauge, [...own, ...more], { value, points: NO_POINTS, place });
  };
  for (const [bound, count] of values.points)
    addGauge('_bucket', count, [['le', String(bound).replace('Infinity', '+Inf')]]);
  addGauge('_gcount', values.count ?? 0);
  addGauge('_gsum', values.sum ?? 0);
}

function readLabel(reader: WireReader, labels: LabelReader): void {
  let [name, value] = ['', ''];
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === LABEL.name) name = reader.text();
    else if (field === LABEL.value) value = reader.text();
    else reader.skip();
  }
  labels.add(name, value);
}

function familyOf(families: Map<string, StatedFamily>, stated: Omit<StatedFamily, 'series'>): StatedFamily {
  const { name, type, place } = stated;
  const known = families.get(name);
  if (known === undefined) {
    const family = { ...stated, series: new Map() };
    families.set(name, family);
    return family;
  }
  if (known.type !== type) rejectAt(400, place, `${excerpt(name)} has two types, ${known.type} and ${type}`);
  return known;
}

function addSeries(
  { name, series }: StatedFamily,
  labels: readonly Label[],
  values: StatedValues & { place: Place },
): void {
  const set = labelSet(labels);
  if (series.has(set.key)) rejectDuplicate(name, set, values.place);
  series.set(set.key, { ...values, labels: set });
}
