import { expect } from 'chai';
import { monotonicClock, Timer } from '../../../lib/core/metrics/timer.js';

describe('Timer', () => {
  let now: number;
  let ends: number[];
  const start = () =>
    new Timer(
      (seconds) => ends.push(seconds),
      () => now,
    );

  beforeEach(() => {
    now = 100;
    ends = [];
  });

  it('reports the elapsed seconds once', () => {
    const timer = start();
    now = 102.5;
    expect(timer.end()).to.equal(2.5);
    now = 110;
    expect(timer.end()).to.equal(2.5);
    timer[Symbol.dispose]();
    expect(ends).to.deep.equal([2.5]);
  });

  it('ends with a using block, even if the block throws', () => {
    {
      using _timer = start();
      now = 101;
    }
    expect(ends).to.deep.equal([1]);
    expect(() => {
      using _timer = start();
      now = 103;
      throw new Error('out');
    }).to.throw('out');
    expect(ends).to.deep.equal([1, 2]);
  });

  it('measures a function, and passes on its result or error', () => {
    const result = {};
    expect(start().during(() => result)).to.equal(result);
    const error = new Error('no');
    expect(() =>
      start().during(() => {
        throw error;
      }),
    ).to.throw(error);
    expect(ends).to.have.length(2);
  });

  it('measures a promise until it settles, and passes on its result or error', async () => {
    const error = new Error('no');
    const working = start().during(async () => 'done');
    const failing = start().during(() => Promise.reject(error));
    expect(ends).to.deep.equal([]);
    now = 104;
    expect(await working).to.equal('done');
    expect(await failing.catch((reason: unknown) => reason)).to.equal(error);
    expect(ends).to.deep.equal([4, 4]);
  });

  it('ends if `then` throws', () => {
    const broken = {
      // biome-ignore lint/suspicious/noThenProperty: this test needs a thenable
      then(): never {
        throw new Error('not now');
      },
    };
    expect(() => start().during(() => broken)).to.throw('not now');
    expect(ends).to.have.length(1);
  });

  it('uses a monotonic clock, in seconds', () => {
    const first = monotonicClock();
    expect(monotonicClock()).to.be.at.least(first);
    expect(Math.abs(first - performance.now() / 1_000)).to.be.below(5);
  });
});
