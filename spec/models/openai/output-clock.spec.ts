import { expect } from 'chai';
import { OutputClock } from '../../../lib/models/openai/output-clock.js';

function clockAt(...times: readonly number[]): OutputClock {
  const left = [...times];
  const clock = new OutputClock(() => left.shift() ?? 0);
  for (const _ of times) clock.piece();
  return clock;
}

describe('OutputClock', () => {
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
