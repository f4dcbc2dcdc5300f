// Declares native histograms and records values whose range grows, so that new buckets appear and resolutions are halved.
import { Histogram } from '../../../lib/core/dist/index.js';

/** Declares a histogram for each of these limits of buckets. */
export function declareHistograms() {
  return [8, 160].map(
    (maxBuckets) =>
      new Histogram({
        name: `recorded_${maxBuckets}_seconds`,
        help: 'A histogram of a test.',
        buckets: [-1, 0, 1],
        nativeHistograms: { maxBuckets },
      }),
  );
}

/** Records values. `counts` contains the number of values before and after they are recorded. */
export function recordValues(histograms, counts, { from, to }) {
  for (let index = from; index < to; index++) {
    const size = 2 ** ((Math.random() - 0.5) * Math.min(index / 100, 200));
    const kind = Math.random();
    const value = kind < 0.05 ? 0 : kind < 0.1 ? -size : size;
    for (const [at, histogram] of histograms.entries()) {
      counts[2 * at]++;
      histogram.observe(value);
      counts[2 * at + 1]++;
    }
  }
}
