import { expect } from 'chai';
import { timingsOf } from '../../../lib/core/decorators/timings.js';

describe('timingsOf', () => {
  it("reads Ollama's durations, which are in nanoseconds", () => {
    expect(timingsOf({ load_duration: 1_500_000_000, eval_duration: 250_000_000 })).to.deep.equal({
      loadSeconds: 1.5,
      outputSeconds: 0.25,
    });
  });

  it('reads one duration without the other', () => {
    expect(timingsOf({ load_duration: 1e9 })).to.deep.equal({ loadSeconds: 1, outputSeconds: undefined });
    expect(timingsOf({ load_duration: -1, eval_duration: 5e8 })).to.deep.equal({
      ...{ loadSeconds: undefined, outputSeconds: 0.5 },
    });
  });

  it('reads the timings of our own responses, which are in seconds', () => {
    expect(timingsOf({ timings: { loadSeconds: 2, firstTokenSeconds: 0.5 } })).to.deep.equal({
      ...{ loadSeconds: 2, outputSeconds: undefined, firstTokenSeconds: 0.5 },
    });
  });

  it('takes what is left out, zero or no number for unknown', () => {
    const durations = [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 'long', null];
    const results = durations.map((load_duration, index) => ({ load_duration, eval_duration: durations.at(-index) }));
    for (const result of [undefined, null, 'text', {}, { timings: 'none' }, ...results]) {
      expect(timingsOf(result)).to.equal(undefined);
    }
    expect(timingsOf({ timings: { loadSeconds: 0, outputSeconds: 1.5 }, load_duration: 1e9 })).to.deep.equal({
      ...{ loadSeconds: undefined, outputSeconds: 1.5, firstTokenSeconds: undefined },
    });
  });
});
