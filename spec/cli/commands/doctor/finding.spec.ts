import { expect } from 'chai';
import { failedWith } from '../../../../cli/commands/doctor/finding.js';

describe('failedWith', () => {
  it('uses the advice of an error as the fix, unless a fix is given', () => {
    const error = new Error('Nobody answers; start it, or look elsewhere.');
    const failed = { check: 'x', verdict: 'failed', found: 'Nobody answers' };
    expect(failedWith('x', error)).to.deep.equal({ ...failed, fix: 'start it, or look elsewhere' });
    expect(failedWith('x', error, 'do this')).to.deep.equal({ ...failed, fix: 'do this' });
    expect(failedWith('x', new Error('Nobody answers.'))).to.deep.equal(failed);
  });
});
