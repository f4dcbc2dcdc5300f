import { withSchema } from '../../../lib/core/metrics/native/merge-native.js';
import type { NativeBuckets, NativeHistogram } from '../../../lib/core/metrics/native/native-histogram.js';
import { parseComposite } from '../parse-composite.js';
import { type ReadMetric, type ReadSpans, readFamilies } from '../protobuf-reader.js';

/** A histogram as a scrape contains it. */
export interface ScrapedHistogram {
  readonly count: number;
  /** The cumulative counts of the classic buckets, without `+Inf`. */
  readonly classic: readonly number[];
  readonly native: NativeHistogram;
}

const ACCEPT = {
  protobuf: 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited',
  openmetrics: 'application/openmetrics-text;version=2.0.0',
};

/** Scrapes the histogram without labels that has this name. Returns `undefined` if it isn't there. */
export async function scrapeNative(
  url: string,
  format: keyof typeof ACCEPT,
  name: string,
): Promise<ScrapedHistogram | undefined> {
  const response = await fetch(`${url}/metrics`, { headers: { accept: ACCEPT[format] } });
  const body = Buffer.from(await response.arrayBuffer());
  return format === 'protobuf' ? fromProtobuf(body, name) : fromText(body.toString(), name);
}

function fromProtobuf(body: Buffer, name: string): ScrapedHistogram | undefined {
  const metric = readFamilies(body).find((family) => family.name === name)?.metrics[0];
  if (metric === undefined) return undefined;
  const { count, schema, zeroThreshold, zeroCount, positive, negative, buckets = [] }: ReadMetric = metric;
  if (schema === undefined || positive === undefined || negative === undefined) {
    throw new Error('The histogram is not native.');
  }
  return {
    count: Number(count),
    classic: buckets.filter(({ bound }) => bound !== Number.POSITIVE_INFINITY).map((bucket) => Number(bucket.count)),
    native: {
      ...{ schema, zeroThreshold: zeroThreshold ?? 0, zeroCount: Number(zeroCount ?? 0n) },
      ...{ positive: bucketsOf(positive), negative: bucketsOf(negative) },
    },
  };
}

function fromText(text: string, name: string): ScrapedHistogram | undefined {
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  if (line === undefined) return undefined;
  const { count, bucket = [], native } = parseComposite(/\{.*\}/.exec(line)?.[0] ?? '');
  if (native === undefined) throw new Error('The histogram is not native.');
  return { count, classic: bucket.slice(0, -1).map(([, value]) => value), native };
}

function bucketsOf({ spans, deltas }: ReadSpans): NativeBuckets {
  const indexes: number[] = [];
  const counts: number[] = [];
  let [index, count, at] = [0, 0n, 0];
  for (const [offset, length] of spans) {
    index += offset;
    for (let bucket = 0; bucket < length; bucket++, index++) {
      count += deltas[at++] ?? 0n;
      if (count === 0n) continue;
      indexes.push(index);
      counts.push(Number(count));
    }
  }
  return { indexes, counts };
}

/** Returns what has decreased between two scrapes, after conversion to the coarsest schema. */
export function decreasesBetween(before: ScrapedHistogram, after: ScrapedHistogram): string[] {
  const problems: string[] = [];
  const compare = (what: string, one: number, other: number): void => {
    if (other < one) problems.push(`${what} from ${one} to ${other}`);
  };
  compare('count', before.count, after.count);
  for (const [index, count] of before.classic.entries()) compare(`bucket ${index}`, count, after.classic[index] ?? 0);
  const schema = Math.min(before.native.schema, after.native.schema);
  if (after.native.schema > before.native.schema) problems.push('the schema has increased');
  const [one, other] = [withSchema(before.native, schema), withSchema(after.native, schema)];
  compare('zero bucket', one.zeroCount, other.zeroCount);
  for (const sign of ['positive', 'negative'] as const) {
    const counts = new Map(other[sign].indexes.map((index, at) => [index, other[sign].counts[at]!]));
    for (const [at, index] of one[sign].indexes.entries()) {
      compare(`${sign} bucket ${index} of schema ${schema}`, one[sign].counts[at]!, counts.get(index) ?? 0);
    }
  }
  return problems;
}
