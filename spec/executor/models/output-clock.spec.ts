import { expect } from 'chai';
import { OutputClock } from '../../../lib/executor/models/output-clock.js';

/** The time at which the clocks are created. */
const created = 8;

function clockAt(...times: readonly number[]): OutputClock {
  const readings = [created, ...times];
  const clock = new OutputClock(() => readings.shift() ?? 0);
  for (const _ of times) clock.recordPiece();
  return clock;
}

describe('OutputClock', () => {
  it('returns the seconds to the first of several pieces', () => {
    expect(clockAt(10, 11, 13).firstTokenSeconds).to.equal(2);
    expect(clockAt().firstTokenSeconds).to.equal(undefined);
    expect(clockAt(10).firstTokenSeconds).to.equal(undefined);
  });

  it('estimates the duration of all tokens; the first token counts as the average of the others', () => {
    expect(clockAt(10, 11, 13).seconds(4)).to.equal(4);
  });

  it('returns undefined without enough pieces or tokens', () => {
    expect(clockAt().seconds(5)).to.equal(undefined);
    expect(clockAt(10).seconds(5)).to.equal(undefined);
    expect(clockAt(10, 11).seconds(1)).to.equal(undefined);
    expect(clockAt(10, 11).seconds(undefined)).to.equal(undefined);
  });
});
