import fc from 'fast-check';
import type { Exemplar } from '../../../lib/core/formats/family.js';
import type {
  NativeBuckets,
  NativeHistogram,
  NativeSettings,
} from '../../../lib/core/metrics/native/native-histogram.js';
import { anyText } from '../hostile.js';
import { labelsOf, type ModelFamily, type ModelSeries } from './model.js';

/** Options of generated registries. */
export interface RegistryOptions {
  /** Which metrics and labels may have names with any character. The others have classic names. */
  readonly utf8: 'none' | 'own' | 'all';
}

const MAX_FAMILIES = 4;
const MAX_LABELS = 3;
const MAX_SERIES = 3;
const MAX_POINTS = 4;
const MAX_NATIVE_COUNT = 2 ** 40;

const classicText = fc
  .string({ unit: fc.constantFrom('a', 'B', '_', '7', 'x'), maxLength: 6 })
  .map((text) => `m${text}`);
/** Without `:`, which is valid in names of metrics but not of labels, and NUL, which Prometheus rejects in names. */
const utf8Text = fc.oneof(
  classicText,
  fc.constantFrom('http.requests', 'é', '7', '_', '__a', '.', '"', '\\', '\n', '{', '}', ' ', '#', '\u{1f600}', 'U__a'),
  anyText.map((text) => text.slice(0, 12).toWellFormed().replaceAll(/[:\0]/g, '.')),
);

/** Texts that end differently, so that no name, suffix or escaped name in a registry equals another one. */
function names(isUtf8: boolean, count: number): fc.Arbitrary<string[]> {
  const text = isUtf8 ? utf8Text : classicText;
  return fc
    .array(text, { minLength: count, maxLength: count })
    .map((texts) => texts.map((one, index) => `${one}_${'klmn'[index]}`));
}

const nonNegative = fc.oneof(
  fc.nat(),
  fc.constantFrom(0, 0.1, 1e21, 1e-7, Number.MAX_VALUE, Number.MIN_VALUE, Number.MAX_SAFE_INTEGER),
  fc.double({ min: 0, noNaN: true }),
);
const special = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, -1);
const anyNumber = fc.oneof({ weight: 5, arbitrary: nonNegative }, special, fc.double());
/** Milliseconds since 1970, before 2100. */
const milliseconds = fc.integer({ min: 1, max: 4_102_444_800_000 });
const classicCount = fc.oneof(fc.nat(9), fc.constantFrom(0, 2 ** 31, 2 ** 32, 2 ** 45));

const native: fc.Arbitrary<NativeHistogram> = fc
  .record({ schema: fc.integer({ min: -4, max: 8 }), zeroThreshold: fc.constantFrom(0, 2 ** -128, 1e-9, 0.5) })
  .chain(({ schema, zeroThreshold }) =>
    fc.record({
      schema: fc.constant(schema),
      zeroThreshold: fc.constant(zeroThreshold),
      zeroCount: fc.oneof(fc.constant(0), fc.nat(1_000)),
      positive: nativeBuckets(schema),
      negative: fc.oneof(fc.constant({ indexes: [], counts: [] }), nativeBuckets(schema)),
    }),
  );

/** Buckets with gaps of different sizes. */
function nativeBuckets(schema: number): fc.Arbitrary<NativeBuckets> {
  // The exponents of doubles are from -1074 to 1024.
  const [lowest, highest] = [Math.ceil(-1073 * 2 ** schema), Math.floor(1024 * 2 ** schema)];
  const gap = fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, fc.integer({ min: 2, max: 5 }), fc.nat(300));
  const bucket = fc.tuple(
    gap,
    fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: MAX_NATIVE_COUNT })),
  );
  const start = fc.oneof(fc.integer({ min: -40, max: 40 }), fc.integer({ min: lowest, max: highest }));
  return fc.tuple(start, fc.array(bucket, { maxLength: 12 })).map(([first, buckets]) => {
    const [indexes, counts]: [number[], number[]] = [[], []];
    let index = Math.max(lowest, Math.min(highest, first));
    for (const [step, count] of buckets) {
      index += Math.max(1, step);
      if (index > highest) break;
      indexes.push(index);
      counts.push(count);
    }
    return { indexes, counts };
  });
}

function totalOf({ zeroCount, positive, negative }: NativeHistogram): number {
  return [...positive.counts, ...negative.counts].reduce((total, count) => total + count, zeroCount);
}

const exemplarFacts = fc.record({
  labels: fc.dictionary(
    fc.constantFrom('trace_id', 'span_id'),
    anyText.map((text) => text.slice(0, 40).toWellFormed()),
  ),
  isAtBound: fc.boolean(),
  milliseconds,
});

/** Exemplars of buckets: their values are in the bucket. */
function exemplarIn(bounds: readonly number[], index: number): fc.Arbitrary<Exemplar | undefined> {
  const [below, above] = [bounds[index - 1], bounds[index]];
  const inside = below === undefined ? (above ?? 1) - 1 : above === undefined ? below + 1 : (below + above) / 2;
  return fc.option(
    exemplarFacts.map(({ labels, isAtBound, milliseconds: time }) => ({
      labels,
      value: (isAtBound || inside === below) && above !== undefined ? above : inside,
      timestampSeconds: time / 1_000,
    })),
    { nil: undefined },
  );
}

const bounds = fc
  .uniqueArray(
    fc.oneof(fc.constantFrom(-1, 0, 0.005, 0.25, 1, 10, 1e6, 1e-5, 123_456.5), fc.integer({ max: 2_000_000 })),
    {
      minLength: 1,
      maxLength: MAX_POINTS,
    },
  )
  .map((all) => all.map((bound) => bound + 0).sort((a, b) => a - b));
const quantilePoints = fc
  .uniqueArray(fc.constantFrom(0, 0.5, 0.9, 0.99, 0.999, 1), { maxLength: MAX_POINTS })
  .map((all) => all.sort((a, b) => a - b));

/** The facts of a family that determine its series. */
type Shape = Omit<ModelFamily, 'series'>;

const settings: fc.Arbitrary<NativeSettings | undefined> = fc.constantFrom(undefined, {
  schema: 3,
  maxBuckets: 160,
  zeroThreshold: 2 ** -128,
});

/** Default labels, of which some have the name of a label of the metric or of a bucket. */
function defaultLabelsFor(labels: readonly string[]): fc.Arbitrary<Record<string, string>> {
  const name = fc.constantFrom('zone', 'le', 'quantile', ...labels);
  return fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, fc.dictionary(name, anyText, { maxKeys: 2 }));
}

function shapeOf(name: string, options: RegistryOptions): fc.Arbitrary<Shape> {
  const canBeForeign = options.utf8 !== 'own' || /^[a-zA-Z_]\w*$/.test(name);
  const unknown = canBeForeign ? (['unknown'] as const) : [];
  const kind = fc.constantFrom<ModelFamily['kind']>('counter', 'gauge', 'histogram', 'info', 'summary', ...unknown);
  return fc.tuple(kind, fc.boolean(), fc.nat(MAX_LABELS)).chain(([kind, mayBeForeign, labelCount]) => {
    const isForeign = kind === 'unknown' || (kind !== 'info' && mayBeForeign && canBeForeign);
    const unit =
      kind === 'info' || isForeign ? fc.constant(undefined) : fc.constantFrom(undefined, 'seconds', 'tokens');
    const suffix = kind === 'counter' ? '_total' : kind === 'info' ? '_info' : '';
    return fc
      .record({
        help: fc.oneof(fc.constant('Help.'), anyText),
        unit,
        labels: names(options.utf8 === 'all' || (options.utf8 === 'own' && !isForeign), labelCount),
        hasLabelBytes: fc.boolean(),
        points: kind === 'histogram' ? bounds : kind === 'summary' ? quantilePoints : fc.constant([]),
        native: kind === 'histogram' && !isForeign ? settings : fc.constant(undefined),
      })
      .chain((rest) =>
        (isForeign ? fc.constant({}) : defaultLabelsFor(rest.labels)).map((defaultLabels) => ({
          ...rest,
          defaultLabels,
        })),
      )
      .map((rest) => ({ name: `${name}${rest.unit ? `_${rest.unit}` : ''}${suffix}`, kind, isForeign, ...rest }));
  });
}

function seriesOf({ kind, labels, points, native: isNative }: Shape): fc.Arbitrary<ModelSeries> {
  const histogram = isNative === undefined ? fc.constant(undefined) : native;
  return histogram.chain((buckets) => {
    const split = fc.array(classicCount, { minLength: points.length + 1, maxLength: points.length + 1 });
    const total = buckets === undefined ? undefined : totalOf(buckets);
    return fc.record({
      labelValues: fc.array(fc.oneof(fc.constantFrom('a', 'b', '', undefined), anyText), {
        minLength: labels.length,
        maxLength: labels.length,
      }),
      createdMilliseconds: milliseconds,
      value:
        kind === 'info'
          ? fc.constantFrom(0, 1)
          : kind === 'counter'
            ? fc.oneof(nonNegative, fc.constant(Number.POSITIVE_INFINITY))
            : anyNumber,
      counts: split.map((counts) => withTotal(counts, total)),
      quantiles: fc.array(fc.oneof(nonNegative, fc.constant(Number.NaN)), {
        minLength: points.length,
        maxLength: points.length,
      }),
      count: classicCount,
      sum: kind === 'summary' ? nonNegative : fc.oneof(nonNegative, fc.constantFrom(-1.5, Number.POSITIVE_INFINITY)),
      exemplars: fc.tuple(
        ...(kind === 'histogram' ? [...points, 0] : [0]).map((_, index) => exemplarIn(points, index)),
      ),
      native: fc.constant(buckets),
    });
  });
}

/** Changes counts so that they have this total. Classic and native buckets count the same observations. */
function withTotal(counts: readonly number[], total: number | undefined): number[] {
  if (total === undefined) return [...counts];
  let left = total;
  return counts.map((count, index) => {
    const own = index === counts.length - 1 ? left : Math.min(left, count);
    left -= own;
    return own;
  });
}

function familyOf(name: string, options: RegistryOptions): fc.Arbitrary<ModelFamily> {
  return shapeOf(name, options).chain((shape) =>
    fc
      .uniqueArray(seriesOf(shape), {
        selector: (series) => JSON.stringify(labelsOf(shape, series).sort()),
        maxLength: shape.labels.length === 0 ? 1 : MAX_SERIES,
      })
      .map((series) => ({ ...shape, series })),
  );
}

/** Registries with all kinds of metrics, whose names stay different in each escaping scheme. */
export function anyRegistry(options: RegistryOptions): fc.Arbitrary<readonly ModelFamily[]> {
  return fc
    .integer({ min: 1, max: MAX_FAMILIES })
    .chain((count) => names(options.utf8 !== 'none', count))
    .chain((all) => fc.tuple(...all.map((name) => familyOf(name, options))));
}
