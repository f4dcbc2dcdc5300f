// Writes protobuf messages as client_golang does. The field numbers are from client_model's metrics.proto.

import type { NativeBuckets, NativeHistogram } from '../../lib/core/metrics/native/native-histogram.js';

/** A series to write. */
export interface WrittenSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly value?: number;
  readonly count?: number;
  readonly floatCount?: number;
  readonly sum?: number;
  /** For histograms: upper bounds and cumulative counts. For summaries: quantiles and values. */
  readonly points?: readonly (readonly [point: number, value: number])[];
  readonly created?: number;
  readonly timestamp?: number;
  readonly native?: NativeHistogram;
}

/** A metric family to write. */
export interface WrittenFamily {
  readonly name: string;
  readonly help?: string;
  readonly type: (typeof TYPES)[number];
  readonly series: readonly WrittenSeries[];
}

const TYPES = ['counter', 'gauge', 'summary', 'untyped', 'histogram', 'gaugehistogram'] as const;
const VALUE_FIELDS = { counter: 3, gauge: 2, summary: 4, untyped: 5, histogram: 7, gaugehistogram: 7 } as const;

export function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return Buffer.from([...bytes, Number(rest)]);
}

export function bytesField(number: number, bytes: Buffer | string): Buffer {
  const content = Buffer.from(bytes as string);
  return Buffer.concat([varint(number * 8 + 2), varint(content.length), content]);
}

export function integerField(number: number, value: number): Buffer {
  return Buffer.concat([varint(number * 8), varint(value)]);
}

export function doubleField(number: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([varint(number * 8 + 1), bytes]);
}

const optional = <T>(value: T | undefined, write: (value: T) => Buffer): Buffer =>
  value === undefined ? Buffer.alloc(0) : write(value);

/** A `MetricFamily` message, preceded by its length. */
export function delimitedFamily({ name, help, type, series }: WrittenFamily): Buffer {
  const message = Buffer.concat([
    bytesField(1, name),
    optional(help, (text) => bytesField(2, text)),
    integerField(3, TYPES.indexOf(type)),
    ...series.map((one) => bytesField(4, metric(one, type))),
  ]);
  return Buffer.concat([varint(message.length), message]);
}

/** A sequence of delimited messages, which is the body of a push. */
export function writeProtobuf(families: readonly WrittenFamily[]): Buffer {
  return Buffer.concat(families.map(delimitedFamily));
}

function metric({ labels, timestamp, ...values }: WrittenSeries, type: WrittenFamily['type']): Buffer {
  return Buffer.concat([
    ...Object.entries(labels).map(([name, value]) =>
      bytesField(1, Buffer.concat([bytesField(1, name), bytesField(2, value)])),
    ),
    bytesField(VALUE_FIELDS[type], valuesMessage(values, type)),
    optional(timestamp, (milliseconds) => integerField(6, milliseconds)),
  ]);
}

function valuesMessage(values: Omit<WrittenSeries, 'labels'>, type: WrittenFamily['type']): Buffer {
  const { value, count, floatCount, sum, points = [], created, native } = values;
  const created64 = (field: number): Buffer =>
    optional(created, (seconds) =>
      bytesField(
        field,
        Buffer.concat([
          integerField(1, Math.floor(seconds)),
          integerField(2, Math.round((seconds - Math.floor(seconds)) * 1e9)),
        ]),
      ),
    );
  if (type === 'summary') {
    const quantiles = points.map(([quantile, at]) =>
      bytesField(3, Buffer.concat([doubleField(1, quantile), doubleField(2, at)])),
    );
    return Buffer.concat([integerField(1, count ?? 0), doubleField(2, sum ?? 0), ...quantiles, created64(4)]);
  }
  if (type === 'histogram' || type === 'gaugehistogram') {
    const buckets = points.map(([bound, upTo]) =>
      bytesField(3, Buffer.concat([integerField(1, upTo), doubleField(2, bound)])),
    );
    return Buffer.concat([
      optional(count, (one) => integerField(1, one)),
      optional(sum, (one) => doubleField(2, one)),
      ...buckets,
      optional(floatCount, (one) => doubleField(4, one)),
      created64(15),
      optional(native, nativeFields),
    ]);
  }
  return Buffer.concat([doubleField(1, value ?? 0), type === 'counter' ? created64(3) : Buffer.alloc(0)]);
}

/** Encodes a signed integer so that small absolute values take few bytes. */
export function zigZag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

/** The fields of native buckets in a `Histogram` message. A histogram without observations gets an empty span. */
export function nativeFields({ schema, zeroThreshold, zeroCount, positive, negative }: NativeHistogram): Buffer {
  return Buffer.concat([
    integerField(5, zigZag(schema)),
    doubleField(6, zeroThreshold),
    integerField(7, zeroCount),
    bucketFields(negative, { span: 9, delta: 10 }),
    bucketFields(positive, { span: 12, delta: 13 }),
    positive.indexes.length === 0 ? bytesField(12, '') : Buffer.alloc(0),
  ]);
}

function bucketFields({ indexes, counts }: NativeBuckets, { span, delta }: { span: number; delta: number }): Buffer {
  const fields: Buffer[] = [];
  let end = 0;
  let before = 0;
  indexes.forEach((index, at) => {
    fields.push(bytesField(span, Buffer.concat([integerField(1, zigZag(index - end)), integerField(2, 1)])));
    end = index + 1;
    fields.push(integerField(delta, zigZag(counts[at]! - before)));
    before = counts[at]!;
  });
  return Buffer.concat(fields);
}
