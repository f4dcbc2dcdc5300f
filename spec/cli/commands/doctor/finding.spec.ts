import { expect } from 'chai';
import { failedBy } from '../../../../cli/commands/doctor/finding.js';

describe('failedBy', () => {
  it('takes what an error advises for the fix, unless there is a better one', () => {
    const error = new Error('Nobody answers; start it, or look elsewhere.');
    const failed = { check: 'x', verdict: 'failed', found: 'Nobody answers' };
    expect(failedBy('x', error)).to.deep.equal({ ...failed, fix: 'start it, or look elsewhere' });
    expect(failedBy('x', error, 'do this')).to.deep.equal({ ...failed, fix: 'do this' });
    expect(failedBy('x', new Error('Nobody answers.'))).to.deep.equal(failed);
  });
});
