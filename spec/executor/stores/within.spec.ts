import { expect } from 'chai';
import { tooLate, within } from '../../../lib/executor/stores/within.js';

describe('within', () => {
  it('returns the result of the work, or tooLate after the time limit', async () => {
    expect(await within(5000, Promise.resolve('so'))).to.equal('so');
    expect(await within(5, new Promise(() => undefined))).to.equal(tooLate);
  });

  it('throws the error of the work, and ignores errors after the time limit', async () => {
    const failure = new Error('no');
    expect(await within(5000, Promise.reject(failure)).catch((error: unknown) => error)).to.equal(failure);
    let fail: (error: Error) => void = () => undefined;
    const late = new Promise((_resolve, reject) => {
      fail = reject;
    });
    expect(await within(5, late)).to.equal(tooLate);
    fail(failure);
  });
});
