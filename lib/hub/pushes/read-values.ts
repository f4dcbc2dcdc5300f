import { type Place, rejectAt } from './push-refused.js';
import { NativeReader } from './read-native.js';
import { addPoint, NO_POINTS, type StatedSeries } from './stated-series.js';
import type { TextType } from './text-families.js';
import type { WireReader } from './wire-reader.js';

/** The types of a protobuf `MetricFamily`. */
export type WireType = TextType | 'gaugehistogram';

/** The numbers of a series, without labels. */
export type StatedValues = Omit<StatedSeries, 'labels' | 'place'>;

// Field numbers: https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto
const SIMPLE = { value: 1, created: 3 } as const;
const DISTRIBUTION = { count: 1, sum: 2, point: 3, floatCountOrCreated: 4, histogramCreated: 15 } as const;
const QUANTILE = { quantile: 1, value: 2 } as const;
const BUCKET = { count: 1, bound: 2, floatCount: 4 } as const;
const TIMESTAMP = { seconds: 1, nanoseconds: 2 } as const;

/** Reads a `Counter`, `Gauge`, `Untyped`, `Summary` or `Histogram` message. */
export function readValues(type: WireType, reader: WireReader, place: Place): StatedValues {
  if (type === 'summary') return readDistribution(reader, place, { isSummary: true });
  if (type === 'histogram' || type === 'gaugehistogram') return readDistribution(reader, place, { isSummary: false });
  let value = 0;
  let created: number | undefined;
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === SIMPLE.value) value = reader.double();
    else if (field === SIMPLE.created && type === 'counter') created = readTimestamp(reader.message());
    else reader.skip();
  }
  return { value, points: NO_POINTS, created };
}

/** Field 4 is the creation time of a summary, and the count of a histogram as a double. */
function readDistribution(
  reader: WireReader,
  place: Place,
  { isSummary }: { readonly isSummary: boolean },
): StatedValues {
  const points = new Map<number, number>();
  let [count, floatCount, sum] = [0, 0, 0];
  let created: number | undefined;
  let native: NativeReader | undefined;
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === DISTRIBUTION.count) count = reader.unsigned();
    else if (field === DISTRIBUTION.sum) sum = reader.double();
    else if (field === DISTRIBUTION.point) readPoint(reader.message(), points, { isSummary, place });
    else if (field === DISTRIBUTION.floatCountOrCreated && !isSummary) floatCount = reader.double();
    else if (field === (isSummary ? DISTRIBUTION.floatCountOrCreated : DISTRIBUTION.histogramCreated)) {
      created = readTimestamp(reader.message());
    } else if (!isSummary && NativeReader.reads(field)) {
      native ??= new NativeReader();
      native.read(field, reader);
    } else reader.skip();
  }
  const values = { count: count || floatCount, sum, points, created };
  const readNative = native?.finish();
  return readNative === undefined ? values : { ...values, native: readNative };
}

interface PointContext {
  readonly isSummary: boolean;
  readonly place: Place;
}

function readPoint(reader: WireReader, points: Map<number, number>, { isSummary, place }: PointContext): void {
  let [point, value, count, floatCount] = [0, 0, 0, 0];
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (isSummary && field === QUANTILE.quantile) point = reader.double();
    else if (isSummary && field === QUANTILE.value) value = reader.double();
    else if (!isSummary && field === BUCKET.count) count = reader.unsigned();
    else if (!isSummary && field === BUCKET.bound) point = reader.double();
    else if (!isSummary && field === BUCKET.floatCount) floatCount = reader.double();
    else reader.skip();
  }
  if (Number.isNaN(point)) rejectAt(400, place, `a ${isSummary ? 'quantile' : 'bucket'} is NaN; expected a number`);
  addPoint(points, point, isSummary ? value : count || floatCount, place);
}

function readTimestamp(reader: WireReader): number {
  let [seconds, nanoseconds] = [0, 0];
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === TIMESTAMP.seconds) seconds = reader.signed();
    else if (field === TIMESTAMP.nanoseconds) nanoseconds = reader.signed();
    else reader.skip();
  }
  return seconds + nanoseconds / 1e9;
}
