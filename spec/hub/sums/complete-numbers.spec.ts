import { expect } from 'chai';
import { readPush } from '../../../lib/hub/pushes/read-push.js';
import { completeNumbers } from '../../../lib/hub/sums/complete-numbers.js';

function only(text: string) {
  const [family] = readPush(text);
  return family!;
}

describe('completeNumbers', () => {
  const summary = (sum: string) => only(`# TYPE s summary\ns_sum ${sum}\ns_count 2\n`);

  it('uses the numbers of the last push, or 0', () => {
    const last = summary('3').series;
    expect([...completeNumbers(summary('NaN'), last).series.values()][0]?.numbers).to.deep.equal([2, 3]);
    expect([...completeNumbers(summary('NaN'), undefined).series.values()][0]?.numbers).to.deep.equal([2, 0]);
  });

  it('returns gauges and complete metrics unchanged', () => {
    for (const family of [only('# TYPE g gauge\ng NaN\n'), summary('4')]) {
      expect(completeNumbers(family, undefined)).to.equal(family);
    }
  });
});
