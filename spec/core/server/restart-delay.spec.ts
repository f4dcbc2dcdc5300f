import { expect } from 'chai';
import { RestartDelay } from '../../../lib/core/server/restart-delay.js';

describe('RestartDelay', () => {
  const delaysAfter = (...times: readonly number[]): number[] => {
    const delay = new RestartDelay();
    return times.map((time) => delay.after(time));
  };

  it('doubles at each crash in a row, up to the longest', () => {
    const crashes = Array.from({ length: 10 }, () => 0);
    expect(delaysAfter(...crashes)).to.deep.equal([50, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000]);
  });

  it('does not take for steady what was up only for a moment', () => {
    expect(delaysAfter(60_000, 30, 9_999)).to.deep.equal([50, 100, 200]);
  });

  it('begins anew after what has stayed up', () => {
    expect(delaysAfter(0, 0, 10_000, 0)).to.deep.equal([50, 100, 50, 100]);
  });
});
