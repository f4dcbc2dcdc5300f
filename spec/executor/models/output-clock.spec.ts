import { expect } from 'chai';
import { OutputClock } from '../../../lib/executor/models/output-clock.js';

/** When the clocks are made. */
const made = 8;

function clockAt(...times: readonly number[]): OutputClock {
  const left = [made, ...times];
  const clock = new OutputClock(() => left.shift() ?? 0);
  for (const _ of times) clock.piece();
  return clock;
}

describe('OutputClock', () => {
  it('gives the seconds until the first of several pieces', () => {
    expect(clockAt(10, 11, 13).firstTokenSeconds).to.equal(2);
    expect(clockAt().firstTokenSeconds).to.equal(undefined);
    expect(clockAt(10).firstTokenSeconds).to.equal(undefined);
  });

  it('gives the seconds of all tokens, the first as long as the others', () => {
    expect(clockAt(10, 11, 13).seconds(4)).to.equal(4);
  });

  it('gives nothing where there is nothing to tell by', () => {
    expect(clockAt().seconds(5)).to.equal(undefined);
    expect(clockAt(10).seconds(5)).to.equal(undefined);
    expect(clockAt(10, 11).seconds(1)).to.equal(undefined);
    expect(clockAt(10, 11).seconds(undefined)).to.equal(undefined);
  });
});
