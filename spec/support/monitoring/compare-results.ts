import { expect } from 'chai';

/** A bucket of a native histogram in Prometheus's API: the kind of its bounds, the bounds, and the count. */
type ApiBucket = readonly [bounds: number, lower: string, upper: string, count: string];

/** A native histogram in Prometheus's API. */
interface ApiHistogram {
  readonly count: string;
  readonly sum: string;
  readonly buckets?: readonly ApiBucket[];
}

/** A series in the result of an instant query: a number, or a native histogram. */
export interface ResultSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly histogram?: readonly [number, ApiHistogram];
}

/** The results of an expression for classic histograms and of one for native histograms, with the same data. */
export interface VariantResults {
  /** The name in error messages. */
  readonly name: string;
  readonly classic: readonly ResultSeries[];
  readonly native: readonly ResultSeries[];
  /** The bounds of the classic buckets if the results are quantiles. */
  readonly bounds?: readonly number[] | undefined;
  /** The largest difference of other numbers: relative for numbers above 1, otherwise absolute. */
  readonly tolerance: number;
}

/** The relative width of a bucket at schema 3, which is the coarsest one in the tests. */
const bucketWidth = 2 ** (1 / 8);

/**
 * The largest relative difference between rates of buckets, for windows of at least five scrape intervals. Prometheus
 * extrapolates rates to the ends of the window, but not below zero. In classic histograms, this limit applies to each
 * bucket separately, and can exclude up to one scrape interval.
 */
const rateTolerance = 0.25;

/**
 * Compares results. Numbers must be equal, except for quantiles: a native quantile must be in the classic bucket that
 * contains the classic quantile.
 */
export function compareResults(results: VariantResults): void {
  const { name, classic, native } = results;
  if (native.some(({ histogram }) => histogram !== undefined)) {
    compareBuckets(results);
    return;
  }
  const natives = new Map(native.map((series) => [keyOf(series), numberOf(series)]));
  expect([...natives.keys()].sort(), name).to.deep.equal(classic.map((series) => keyOf(series)).sort());
  for (const series of classic) {
    const pair = { expected: numberOf(series), got: natives.get(keyOf(series)) ?? Number.NaN };
    if (results.bounds === undefined) compareNumbers(results, pair);
    else compareQuantiles(name, results.bounds, pair);
  }
}

interface NumberPair {
  readonly expected: number;
  readonly got: number;
}

function compareNumbers({ name, tolerance }: VariantResults, { expected, got }: NumberPair): void {
  const difference = Math.abs(got - expected);
  expect(difference, `${name}: ${got}, ${expected}`).to.be.at.most(tolerance * Math.max(expected, 1));
}

function compareQuantiles(name: string, bounds: readonly number[], { expected, got }: NumberPair): void {
  const lower = bounds.findLast((bound) => bound < expected) ?? 0;
  const upper = bounds.find((bound) => bound >= expected) ?? Number.POSITIVE_INFINITY;
  expect(got, name).to.be.at.least(lower / bucketWidth);
  // Above the last bound, the classic quantile is the last bound.
  if (expected < (bounds.at(-1) ?? 0)) expect(got, name).to.be.at.most(upper * bucketWidth);
}

/** Each classic bucket must count what the native buckets below its bound count, up to one native bucket. */
function compareBuckets({ name, classic, native }: VariantResults): void {
  const natives = new Map(native.map((series) => [keyOf(series), series.histogram?.[1]]));
  expect(classic, name).not.to.have.length(0);
  for (const series of classic) {
    const histogram = natives.get(keyOf(series));
    if (histogram === undefined) throw new Error(`${name}: no native histogram for ${keyOf(series)}`);
    const bound = Number(series.metric.le?.replace('+Inf', 'Infinity'));
    const count = numberOf(series);
    const least = countOf(histogram, ([, , upper]) => Number(upper) <= bound);
    const most = countOf(histogram, ([, lower]) => Number(lower) < bound);
    expect(count, `${name}, le=${bound}`).to.be.at.least(least * (1 - rateTolerance));
    expect(count, `${name}, le=${bound}`).to.be.at.most(most * (1 + rateTolerance));
    if (bound === Number.POSITIVE_INFINITY) expect(count, name).to.be.closeTo(Number(histogram.count), 1e-9 * count);
  }
}

function countOf({ buckets = [] }: ApiHistogram, isIncluded: (bucket: ApiBucket) => boolean): number {
  return buckets.filter(isIncluded).reduce((sum, [, , , count]) => sum + Number(count), 0);
}

function keyOf({ metric: { le: _le, __name__: _name, ...labels } }: ResultSeries): string {
  return JSON.stringify(Object.entries(labels).sort());
}

function numberOf({ value }: ResultSeries): number {
  return Number(value?.[1]);
}
