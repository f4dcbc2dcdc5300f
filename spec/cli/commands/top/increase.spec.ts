import { expect } from 'chai';
import fc from 'fast-check';
import { Increase } from '../../../../cli/commands/top/increase.js';
import type { Reading } from '../../../../cli/commands/top/reading.js';
import { histogramValue } from '../../../../lib/core/formats/composite-value.js';
import { nativeHistogramOf } from '../../../support/native-histogram-of.js';
import { openMetricsReadingOf, readingOf } from '../../../support/readings.js';

const requests = 'tinyllm_requests_total';
const scrape = (at: number, total: number) =>
  readingOf(at, `# TYPE ${requests} counter`, `${requests}{model="a"} ${total}`);
const grown = (totals: readonly number[]) =>
  new Increase(totals.map((total, index) => scrape(index, total))).of(requests)[0]?.values.get('');

describe('Increase', () => {
  it('adds up the increase of a counter over any number of restarts', () => {
    const runs = fc.array(fc.array(fc.nat(1000), { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(runs, (growths) => {
        let sum = 0;
        const totals: number[] = [0];
        for (const growth of growths) {
          let total = 0;
          for (const step of growth) {
            total += step;
            totals.push(total);
          }
        }
        // A restart is detected only if the counter is lower than before.
        for (const [index, total] of totals.entries()) {
          const before = totals[index - 1] ?? 0;
          sum += total < before ? total : total - before;
        }
        expect(grown(totals)).to.equal(sum);
      }),
    );
  });

  it('counts a new series from zero, and has no increase after one reading', () => {
    const first = readingOf(0, `# TYPE ${requests} counter`, `${requests}{model="b"} 9`);
    const increase = new Increase([first, scrape(4, 3)]);
    expect(increase.seconds).to.equal(4);
    expect(increase.of(requests).map(({ labels, values }) => [labels.model, values.get('')])).to.deep.equal([['a', 3]]);
    expect(new Increase([first]).of(requests)).to.deep.equal([]);
    expect(new Increase([]).seconds).to.equal(0);
  });

  it('treats a series as reset if it started later', () => {
    const at = (time: number, total: number, start: number) =>
      openMetricsReadingOf(time, `${requests}{model="a"} ${total} st@${start}`);
    const growth = (...readings: readonly Reading[]) => new Increase(readings).of(requests)[0]?.values.get('');
    expect(growth(at(0, 4, 10), at(1, 9, 10))).to.equal(5);
    expect(growth(at(0, 4, 10), at(1, 9, 20))).to.equal(9);
    expect(growth(scrape(0, 4), at(1, 9, 20))).to.equal(5);
  });

  it('adds up native buckets over changes of the resolution and restarts', () => {
    const name = 'tinyllm_node_execution_duration_seconds';
    const at = (time: number, schema: number, values: readonly number[], start = 10) => {
      const infinity = Number.POSITIVE_INFINITY;
      const native = nativeHistogramOf(values, schema);
      const value = histogramValue({ bounds: [infinity], counts: [values.length], sum: values.length, native });
      return openMetricsReadingOf(time, `${name}{node="n"} ${value} st@${start}`);
    };
    const growth = (...readings: readonly Reading[]) => new Increase(readings).of(name)[0];
    const [coarser, restarted] = [
      growth(at(0, 3, [1, 2]), at(1, 3, [1, 2, 5]), at(2, 1, [1, 2, 5, 9])),
      growth(at(0, 3, [1, 2]), at(1, 3, [1, 7, 8]), at(2, 3, [1, 7, 8, 8, 9], 20)),
    ];
    expect(coarser?.native).to.deep.equal(nativeHistogramOf([5, 9], 1));
    expect(Object.fromEntries(coarser?.values ?? [])).to.deep.equal({ sum: 2, count: 2, '+Inf': 2 });
    expect(restarted?.native).to.deep.equal(nativeHistogramOf([1, 7, 8, 1, 7, 8, 8, 9], 3));
    expect(restarted?.values.get('count')).to.equal(8);
  });

  it('treats a histogram as reset if any bucket decreased', () => {
    const name = 'tinyllm_node_execution_duration_seconds';
    const histogram = (at: number, low: number, all: number) =>
      readingOf(
        at,
        `# TYPE ${name} histogram`,
        `${name}_bucket{le="1"} ${low}`,
        `${name}_bucket{le="+Inf"} ${all}`,
        `${name}_sum 1`,
        `${name}_count ${all}`,
      );
    const [series] = new Increase([histogram(0, 2, 50), histogram(1, 3, 10)]).of(name);
    expect(Object.fromEntries(series?.values ?? [])).to.deep.equal({ '1': 3, '+Inf': 10, sum: 1, count: 10 });
  });
});
