import { expect } from 'chai';
import { histogramValue } from '../../../../lib/core/formats/composite-value.js';
import { parseExposition } from '../../../../lib/core/formats/parse-exposition.js';
import {
  addHistograms,
  completeNative,
  histogramOf,
  histogramQuantile,
} from '../../../../lib/core/server/page/histogram.js';
import { Scrape } from '../../../../lib/core/server/page/scrape.js';
import { nativeHistogramOf } from '../../../support/native-histogram-of.js';

describe('a histogram of the page', () => {
  const infinity = Number.POSITIVE_INFINITY;
  const series = (model: string, values: readonly number[], schema?: number) => {
    const native = schema === undefined ? undefined : nativeHistogramOf(values, schema);
    const counts = [1, infinity].map((bound) => values.filter((value) => value <= bound).length);
    return `h{model="${model}"} ${histogramValue({ bounds: [1, infinity], counts, sum: 1, native })}`;
  };
  const scrapeOf = (...lines: readonly string[]) => new Scrape(parseExposition(lines.join('\n')));

  it('sums the series with matching labels at the lowest resolution', () => {
    const scrape = scrapeOf(series('a', [0.001, 3], 3), series('b', [0.004], 1), series('c', [9, 9], 0));
    const all = histogramOf(scrape, 'h');
    expect([...all.buckets]).to.deep.equal([
      [1, 2],
      [infinity, 5],
    ]);
    expect(all.native).to.deep.equal(nativeHistogramOf([0.001, 3, 0.004, 9, 9], 0));
    expect(histogramOf(scrape, 'h', { model: 'a' }).native).to.deep.equal(nativeHistogramOf([0.001, 3], 3));
    expect(histogramOf(scrape, 'other')).to.deep.equal({ buckets: new Map(), native: undefined });
  });

  it('estimates quantiles from native buckets', () => {
    const histogram = histogramOf(scrapeOf(series('a', Array(100).fill(0.00001), 3)), 'h');
    expect(histogramQuantile(0.95, histogram)).to.be.closeTo(0.00001, 0.000001);
    expect(histogramQuantile(0.95, { buckets: histogram.buckets })).to.equal(0.95);
  });

  it('estimates quantiles from classic buckets if some series have only these', () => {
    const histogram = histogramOf(scrapeOf(series('a', [0.00001], 3), series('b', [0.5])), 'h');
    expect(completeNative(histogram)).to.equal(undefined);
    expect(histogramQuantile(0.5, histogram)).to.equal(0.5);
    const unused = histogramOf(scrapeOf(series('a', [0.00001], 3), series('b', [])), 'h');
    expect(histogramQuantile(0.5, unused)).to.be.closeTo(0.00001, 0.000001);
  });

  it('can have only native buckets', () => {
    const native = nativeHistogramOf([4, 4], 3);
    expect(completeNative({ buckets: new Map(), native })).to.equal(native);
  });

  it('is the sum of two time ranges, which can have different resolutions', () => {
    const [one, other] = [
      histogramOf(scrapeOf(series('a', [2], 3)), 'h'),
      histogramOf(scrapeOf(series('a', [5], 2)), 'h'),
    ];
    const sum = addHistograms(one, other);
    expect(sum.native).to.deep.equal(nativeHistogramOf([2, 5], 2));
    expect(sum.buckets.get(infinity)).to.equal(2);
    expect(completeNative(addHistograms(one, { buckets: other.buckets }))).to.equal(undefined);
    expect(addHistograms({ buckets: new Map() }, one)).to.deep.equal(one);
  });
});
