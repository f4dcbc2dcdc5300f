import { expect } from 'chai';
import { trackWork } from '../../../lib/core/metrics/track-work.js';

function setUp() {
  const seen = { active: 0, durations: 0 };
  const active = { inc: () => seen.active++, dec: () => seen.active-- };
  const duration = { observe: (seconds: number) => (seen.durations += seconds >= 0 ? 1 : 0) };
  return { seen, tracked: { active, duration } };
}

describe('trackWork', () => {
  it('marks work as active until it settles, and returns its result', async () => {
    const { seen, tracked } = setUp();
    const result = trackWork(tracked, async () => 'done');
    expect(seen).to.deep.equal({ active: 1, durations: 0 });
    expect(await result).to.equal('done');
    expect(seen).to.deep.equal({ active: 0, durations: 1 });
  });

  it('returns a timer if there is no work', () => {
    const { seen, tracked } = setUp();
    const timer = trackWork(tracked, undefined) as { end(): number };
    expect(seen).to.deep.equal({ active: 1, durations: 0 });
    timer.end();
    expect(seen).to.deep.equal({ active: 0, durations: 1 });
  });

  it('measures work without an active gauge', () => {
    const seen: number[] = [];
    expect(trackWork({ duration: { observe: (seconds) => seen.push(seconds) } }, () => 7)).to.equal(7);
    expect(seen).to.have.length(1);
  });
});
