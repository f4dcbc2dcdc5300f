import { expect } from 'chai';
import fc from 'fast-check';
import {
  type PlannedRequest,
  planTraffic,
  rateAt,
  type TrafficOptions,
} from '../../../../cli/commands/demo/traffic.js';

function planned(options: TrafficOptions, seconds: number): readonly PlannedRequest[] {
  const requests: PlannedRequest[] = [];
  for (const request of planTraffic(options)) {
    if (request.at >= seconds) break;
    requests.push(request);
  }
  return requests;
}

const seeds = fc.integer({ min: 1, max: 1_000_000 });

describe('planTraffic', () => {
  it('plans the same traffic for the same seed, and different traffic for another seed', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const first = planned({ seed, rate: 5 }, 20);
        expect(planned({ seed, rate: 5 }, 20)).to.deep.equal(first);
        expect(planned({ seed: seed + 1, rate: 5 }, 20).map(({ at }) => at)).to.not.deep.equal(
          first.map(({ at }) => at),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('plans arrivals in order, with realistic answers', () => {
    fc.assert(
      fc.property(seeds, fc.double({ min: 0.5, max: 20, noNaN: true }), (seed, rate) => {
        let last = 0;
        for (const { at, question, patienceSeconds = 1, answer } of planned({ seed, rate }, 30)) {
          expect(at).to.be.greaterThan(last);
          last = at;
          expect(question).to.match(/^[A-Z].*[.?]$/);
          expect(patienceSeconds).to.be.greaterThan(0);
          expect(answer.outputTokens).to.satisfy(Number.isInteger).and.to.be.within(1, 400);
          expect(answer.inputTokens).to.satisfy(Number.isInteger).and.to.be.within(1, 8192);
          expect(answer.firstTokenSeconds).to.be.within(0.005, 5);
          expect(answer.failureDraw).to.be.within(0, 1);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('plans as many requests as its rate requires', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const options = { seed, rate: 10 };
        let mean = 0;
        for (let tenth = 0; tenth < 1200; tenth++) mean += rateAt(options, tenth / 10) / 10;
        // Six standard deviations of a Poisson distribution.
        expect(Math.abs(planned(options, 120).length - mean)).to.be.lessThan(6 * Math.sqrt(mean));
      }),
      { numRuns: 30 },
    );
  });

  it('repeats some questions, and uses every domain and priority', () => {
    const requests = planned({ seed: 7, rate: 10 }, 60);
    expect(new Set(requests.map(({ question }) => question)).size).to.be.lessThan(requests.length);
    expect(new Set(requests.map(({ priority }) => priority)).size).to.equal(3);
    for (const pattern of [/^What is \d/, /^Write a \w+ function/, /^(Tell|Explain|Why)/]) {
      expect(requests.filter(({ question }) => pattern.test(question)).length, String(pattern)).to.be.greaterThan(20);
    }
  });
});
