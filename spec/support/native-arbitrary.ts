import fc from 'fast-check';
import type { NativeBuckets, NativeHistogram } from '../../lib/core/metrics/native/native-histogram.js';

function buckets(schema: number): fc.Arbitrary<NativeBuckets> {
  const index = fc.integer({ min: Math.floor(-20 * 2 ** schema), max: Math.ceil(20 * 2 ** schema) });
  const pair = fc.tuple(index, fc.integer({ min: 1, max: 1_000 }));
  return fc.uniqueArray(pair, { selector: ([one]) => one, maxLength: 12 }).map((pairs) => {
    const sorted = [...pairs].sort(([a], [b]) => a - b);
    return { indexes: sorted.map(([one]) => one), counts: sorted.map(([, count]) => count) };
  });
}

/** Native histograms of any resolution, with buckets of both signs and different zero thresholds. */
export const anyNative: fc.Arbitrary<NativeHistogram> = fc.integer({ min: -4, max: 8 }).chain((schema) =>
  fc.record({
    schema: fc.constant(schema),
    zeroThreshold: fc.constantFrom(2 ** -128, 0.001, 1),
    zeroCount: fc.nat(5),
    positive: buckets(schema),
    negative: buckets(schema),
  }),
);
