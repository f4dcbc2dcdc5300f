import { catalog } from '../catalog/catalog.js';
import { MetricsConfigurationError } from '../errors/errors.js';
import { quoteArgument } from '../yaml/quote.js';
import { checkHistogramName } from './check-histogram-name.js';
import { decimalNumber } from './decimal-number.js';

/** Bucket bounds by histogram name. */
export type BucketBounds = Readonly<Record<string, readonly number[]>>;

/** The environment variable with bucket bounds, in the format of {@link parseBuckets}. */
export const bucketsVariable = 'TINYLLM_BUCKETS';

const example = `${catalog.requestLatency.name}=.1,1,10`;

/** The largest number of buckets of a metric. */
const maxBuckets = 1_000;

/**
 * Parses bucket bounds, such as `tinyllm_request_latency_seconds=.1,1,10`.
 *
 * A text can define several histograms, separated by semicolons. Spaces are ignored around names and numbers. Bounds
 * are ascending, without +Inf, at most 1,000 per histogram.
 *
 * @param source The flag or variable that contains the texts, for error messages.
 * @throws {MetricsConfigurationError} for the first problem.
 */
export function parseBuckets(texts: readonly string[], source: string): BucketBounds {
  const buckets = new Map<string, readonly number[]>();
  for (const definition of texts.flatMap((text) => text.split(';'))) {
    if (definition.trim() === '') continue;
    const { name, bounds } = parseDefinition(definition.trim(), source);
    if (buckets.has(name)) throw new MetricsConfigurationError(`${source} got ${name} twice; give each metric once.`);
    buckets.set(name, bounds);
  }
  return Object.fromEntries(buckets);
}

function parseDefinition(definition: string, source: string): { readonly name: string; readonly bounds: number[] } {
  const equals = definition.indexOf('=');
  if (equals < 0)
    reject(`${source} got ${quoteArgument(definition)}; expected a metric and its buckets, such as ${example}.`);
  const name = definition.slice(0, equals).trim();
  checkHistogramName(name, { source, rule: 'only histograms have buckets' });
  const texts = definition.slice(equals + 1).split(',');
  if (texts.length > maxBuckets) {
    reject(`${source} got ${texts.length} buckets for ${name}; expected at most ${maxBuckets}.`);
  }
  const bounds: number[] = [];
  for (const text of texts.map((one) => one.trim())) {
    const bound = decimalNumber(text);
    if (Number.isNaN(bound)) {
      const got = text === '' ? 'an empty bucket' : `the bucket ${quoteArgument(text)}`;
      reject(`${source} got ${got} for ${name}; expected finite numbers without +Inf, such as .1,1,10.`);
    }
    const previous = bounds.at(-1);
    if (previous !== undefined && bound <= previous) {
      reject(`${source} got the buckets ${previous},${bound} for ${name}; expected each above the one before.`);
    }
    bounds.push(bound);
  }
  return { name, bounds };
}

function reject(message: string): never {
  throw new MetricsConfigurationError(message);
}
