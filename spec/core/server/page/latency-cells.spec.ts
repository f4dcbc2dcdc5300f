import { expect } from 'chai';
import type { Histogram } from '../../../../lib/core/server/page/histogram.js';
import type { Moment } from '../../../../lib/core/server/page/history.js';
import {
  columnInWords,
  edgesOf,
  latencyCells,
  rowName,
  usedRows,
} from '../../../../lib/core/server/page/latency-cells.js';
import type { Increase } from '../../../../lib/core/server/page/reading.js';
import { nativeHistogramOf } from '../../../support/native-histogram-of.js';

describe('the cells of a heat map', () => {
  const momentOf = (at: number, latency?: Histogram): Moment => ({
    at,
    reading: {
      at,
      active: undefined,
      breakers: new Map(),
      increase: latency && ({ seconds: 2, latency } as unknown as Increase),
    },
  });
  const buckets = new Map([
    [0.1, 0],
    [0.5, 2],
    [1, 2],
    [2.5, 7],
    [Number.POSITIVE_INFINITY, 7],
  ]);
  const cells = latencyCells([momentOf(0), momentOf(2, { buckets }), { at: 3 }]);

  it('contain the number of requests since the previous scrape, by row', () => {
    expect(cells.bounds).to.deep.equal([...buckets.keys()]);
    expect(cells.columns).to.deep.equal([null, [0, 2, 0, 5, 0], null]);
  });

  it('are native buckets if all moments with requests have them', () => {
    const native = nativeHistogramOf([0.3, 0.3, 2, 2, 2, 2, 2], 0);
    const [known, empty] = [{ buckets, native }, { buckets: new Map([[Number.POSITIVE_INFINITY, 0]]) }];
    expect(latencyCells([momentOf(0), momentOf(2, known), momentOf(4, empty)])).to.deep.equal({
      bounds: [0.25, 0.5, 1, 2],
      columns: [null, [0, 2, 0, 5], [0, 0, 0, 0]],
    });
    const classic = latencyCells([momentOf(0, known), momentOf(2, { buckets })]);
    expect(classic.bounds).to.deep.equal([...buckets.keys()]);
    expect(classic.columns[0]).to.deep.equal(classic.columns[1]);
  });

  it('range from the lowest used row to the highest', () => {
    expect(usedRows(cells)).to.deep.equal([1, 2, 3]);
    expect(usedRows({ bounds: [1], columns: [null, [0]] })).to.deep.equal([]);
    expect([0, 1, 4].map((row) => edgesOf(cells.bounds, row))).to.deep.equal([
      [0.025, 0.1],
      [0.1, 0.5],
      [2.5, 5],
    ]);
  });

  it('are described in words', () => {
    expect([0, 1, 4].map((row) => rowName(cells.bounds, row))).to.deep.equal([
      'up to 100 ms',
      '100 ms to 500 ms',
      'over 2.5 s',
    ]);
    expect([0, 1].map((place) => columnInWords(cells, place))).to.deep.equal([
      'finished requests: –',
      '7 requests finished, most often in 1 s to 2.5 s',
    ]);
    const few = { bounds: [1], columns: [[0], [1]] };
    expect([0, 1].map((place) => columnInWords(few, place))).to.deep.equal([
      'no requests finished',
      '1 request finished in up to 1 s',
    ]);
  });
});
