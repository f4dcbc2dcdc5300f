import { expect } from 'chai';
import { readPush } from '../../../lib/hub/pushes/read-push.js';
import { completeFamily } from '../../../lib/hub/sums/complete-family.js';

function only(text: string) {
  const [family] = readPush(text);
  return family!;
}

describe('completeFamily', () => {
  const summary = (sum: string) => only(`# TYPE s summary\ns_sum ${sum}\ns_count 2\n`);

  it('uses the numbers of the last push, or 0', () => {
    const last = summary('3').series;
    expect([...completeFamily(summary('NaN'), last).series.values()][0]?.numbers).to.deep.equal([2, 3]);
    expect([...completeFamily(summary('NaN'), undefined).series.values()][0]?.numbers).to.deep.equal([2, 0]);
  });

  it('returns gauges and complete metrics unchanged', () => {
    for (const family of [only('# TYPE g gauge\ng NaN\n'), summary('4')]) {
      expect(completeFamily(family, undefined)).to.equal(family);
    }
  });

  it('keeps the native buckets of the last push, unless the series has restarted', () => {
    const positive = { indexes: [1], counts: [2] };
    const native = { schema: 0, zeroThreshold: 0, zeroCount: 0, positive, negative: { indexes: [], counts: [] } };
    const histogram = (count: number) =>
      only(`# TYPE h histogram\nh_bucket{le="+Inf"} ${count}\nh_sum 1\nh_count ${count}\n`);
    const last = new Map([['', { ...histogram(2).series.get('')!, native }]]);
    expect(completeFamily(histogram(3), last).series.get('')).to.deep.include({ numbers: [3, 1], native });
    const restarted = histogram(1);
    expect(completeFamily(restarted, last)).to.equal(restarted);
    const pushed = { ...histogram(3).series.get('')!, native: { ...native, zeroCount: 1 } };
    const complete = { ...histogram(3), series: new Map([['', pushed]]) };
    expect(completeFamily(complete, last)).to.equal(complete);
  });
});
