import { expect } from 'chai';
import * as original from 'prom-client';
import { aggregators } from '../../../lib/prom-client/index.js';

// prom-client's types don't declare this export.
const { aggregators: originals } = original as unknown as { readonly aggregators: typeof aggregators };

const metrics = [
  [3, 'a', 'x_sum'],
  [-4, 'b', 'x_sum'],
  [5.5, 'a', 'x_count'],
  [Number.NaN, 'c', undefined],
  [8, 'a', 'x_sum'],
].map(([value, kind, metricName]) => ({
  ...{ name: 'x', help: 'X.', type: 'summary', aggregator: 'sum' as const },
  values: [
    { value: value as number, labels: { kind, code: 200 }, metricName: metricName as string },
    { value: 1, labels: { code: '200', kind, missing: undefined }, metricName: metricName as string },
  ],
}));

describe('the aggregators', () => {
  for (const name of ['sum', 'first', 'omit', 'average', 'min', 'max'] as const) {
    it(`combine series as prom-client's do: ${name}`, () => {
      expect(aggregators[name](metrics)).to.deep.equal(originals[name](metrics));
      expect(aggregators[name]([])).to.deep.equal(originals[name]([]));
    });
  }

  it('keep series apart whose labels differ only in separators', () => {
    const one = { name: 'x', help: 'X.', type: 'gauge' };
    const labels = [{ a: '1,b:2' }, { a: '1', b: '2' }];
    const values = labels.map((all) => ({ value: 1, labels: all }));
    expect(aggregators.sum([{ ...one, values }])?.values).to.have.length(2);
  });
});
