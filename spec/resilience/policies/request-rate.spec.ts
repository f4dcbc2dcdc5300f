import { mock } from 'node:test';
import { expect } from 'chai';
import { RequestRate } from '../../../lib/resilience/policies/request-rate.js';

describe('RequestRate', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'] }));
  afterEach(() => mock.timers.reset());

  const took = async (rate: RequestRate, times: number, key = 'a'): Promise<(number | undefined)[]> => {
    const waits: (number | undefined)[] = [];
    for (let left = times; left > 0; left--) waits.push(await rate.take(key));
    return waits;
  };

  it('limits the requests per second of each key', async () => {
    const rate = new RequestRate(2);
    expect(await took(rate, 3)).to.deep.equal([undefined, undefined, 1]);
    expect(await took(rate, 1, 'b')).to.deep.equal([undefined]);
    mock.timers.tick(1_000);
    expect(await took(rate, 3)).to.deep.equal([undefined, undefined, 1]);
  });

  it('supports fractional rates and rates below one per second', async () => {
    expect(await took(new RequestRate(2.5), 3)).to.deep.equal([undefined, undefined, 0.8]);
    const slow = new RequestRate(0.1);
    expect(await took(slow, 2)).to.deep.equal([undefined, 10]);
    mock.timers.tick(10_000);
    expect(await took(slow, 1)).to.deep.equal([undefined]);
  });
});
