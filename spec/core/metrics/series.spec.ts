import { expect } from 'chai';
import { CellAllocator, type CellSlice } from '../../../lib/core/metrics/cells.js';
import { CounterSeries } from '../../../lib/core/metrics/counter.js';
import { describeMetric } from '../../../lib/core/metrics/descriptor.js';
import { HistogramSeries } from '../../../lib/core/metrics/histogram.js';
import { cellsPerSeries } from '../../../lib/core/metrics/series.js';

const histogram = describeMetric({ name: 'wait_seconds', help: 'Wait.', kind: 'histogram', buckets: [1, 2] });
const counter = describeMetric({ name: 'calls_total', help: 'Calls.', kind: 'counter' });

describe('Series', () => {
  it('has one cell, or one per bucket with +Inf and one for the sum', () => {
    expect(cellsPerSeries(counter)).to.equal(1);
    expect(cellsPerSeries(histogram)).to.equal(4);
  });

  it('resets all of its own cells and no other', () => {
    const cells = new CellAllocator(() => new Float64Array(8));
    const take = (count: number) => cells.allocate(count) as CellSlice;
    // The first cell of a page counts writes.
    take(1);
    const before = new CounterSeries(counter, take(1));
    const series = new HistogramSeries(histogram, take(4));
    const after = new CounterSeries(counter, take(1));
    before.inc(5);
    after.inc(6);
    for (const value of [0.5, 1.5, 9]) series.observe(value);
    series.reset();
    expect([...series.page.subarray(series.offset - 1, series.offset + 5)]).to.deep.equal([5, 0, 0, 0, 0, 6]);
  });
});
