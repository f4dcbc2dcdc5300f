import { expect } from 'chai';
import { timingsOf } from '../../lib/decorators/timings.js';

describe('timingsOf', () => {
  it("reads Ollama's durations, which are in nanoseconds", () => {
    expect(timingsOf({ load_duration: 1_500_000_000, eval_duration: 250_000_000 })).to.deep.equal({
      loadSeconds: 1.5,
      outputSeconds: 0.25,
    });
  });

  it('reads the timings of our own responses, which are in seconds', () => {
    expect(timingsOf({ timings: { loadSeconds: 2, firstTokenSeconds: 0.5 } })).to.deep.equal({
      ...{ loadSeconds: 2, outputSeconds: undefined, firstTokenSeconds: 0.5 },
    });
  });

  it('takes what is left out, zero or no number for unknown', () => {
    for (const result of [undefined, null, 'text', {}, { load_duration: 0 }, { eval_duration: 'long' }]) {
      expect(timingsOf(result)).to.equal(undefined);
    }
  });
});
