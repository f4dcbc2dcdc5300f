import { mock } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'chai';
import {
  RateLimiter,
  type RateLimiterOptions,
  type RateLimits,
} from '../../../lib/resilience/policies/rate-limiter.js';

describe('RateLimiter', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'] }));
  afterEach(() => mock.timers.reset());

  function limiterWith(limits: RateLimits, options: Pick<RateLimiterOptions, 'openBudget'> = {}) {
    const waited: number[] = [];
    const limiter = new RateLimiter({
      ...limits,
      ...options,
      onWait: (seconds) => waited.push(seconds),
      clock: () => Date.now() / 1000,
    });
    const gone: string[] = [];
    const go = (name: string, tokens = 1, signal?: AbortSignal): Promise<void> =>
      limiter.acquire(tokens, signal).then(
        () => void gone.push(name),
        (error: unknown) => void gone.push(`${name} ${String(error)}`),
      );
    return { limiter, waited, gone, go };
  }

  async function pass(seconds: number): Promise<void> {
    await settled();
    mock.timers.tick(seconds * 1000);
    await settled();
  }

  async function settled(): Promise<void> {
    for (let turn = 0; turn < 5; turn++) await nextTurn();
  }

  it('admits the allowed requests per minute, in the order of their arrival', async () => {
    const { gone, waited, go } = limiterWith({ requestsPerMinute: 2 });
    for (const name of ['a', 'b', 'c', 'd', 'e']) void go(name);
    await pass(59);
    expect(gone).to.deep.equal(['a', 'b']);
    await pass(1);
    expect(gone).to.deep.equal(['a', 'b', 'c', 'd']);
    await pass(60);
    expect(gone).to.deep.equal(['a', 'b', 'c', 'd', 'e']);
    expect(waited).to.deep.equal([0, 0, 60, 60, 120]);
  });

  it('counts tokens, including those that are reported afterwards', async () => {
    const { limiter, gone, go } = limiterWith({ tokensPerMinute: 100 });
    await go('a', 40);
    await limiter.spend(50);
    void go('b', 20);
    await pass(59);
    expect(gone).to.deep.equal(['a']);
    await pass(1);
    expect(gone).to.deep.equal(['a', 'b']);
  });

  it('does not let a small request overtake a large one', async () => {
    const { gone, go } = limiterWith({ tokensPerMinute: 100 });
    await go('a', 60);
    void go('large', 60);
    void go('small', 1);
    await pass(1);
    expect(gone).to.deep.equal(['a']);
    await pass(60);
    expect(gone).to.deep.equal(['a', 'large', 'small']);
  });

  it('admits a request that exceeds the limit, as the only one of its minute', async () => {
    const { gone, go } = limiterWith({ tokensPerMinute: 100 });
    void go('huge', 5000);
    void go('small', 1);
    await pass(0);
    expect(gone).to.deep.equal(['huge']);
    await pass(60);
    expect(gone).to.deep.equal(['huge', 'small']);
  });

  it('removes aborted requests immediately from any position of the queue', async () => {
    const { gone, waited, go } = limiterWith({ requestsPerMinute: 1 });
    const [head, within] = [new AbortController(), new AbortController()];
    await go('a');
    void go('head', 1, head.signal);
    void go('within', 1, within.signal);
    void go('last');
    await settled();
    within.abort('left');
    await settled();
    head.abort('left');
    await settled();
    expect(gone).to.deep.equal(['a', 'within left', 'head left']);
    await pass(60);
    expect(gone.at(-1)).to.equal('last');
    expect(waited).to.deep.equal([0, 60]);
  });

  it('uses the budgets of the option openBudget', async () => {
    const calls: unknown[] = [];
    const answers = [undefined, 30_000, undefined, undefined];
    const { limiter, gone, go } = limiterWith(
      { requestsPerMinute: 2, tokensPerMinute: 100 },
      {
        openBudget: (unit, points) => ({
          points,
          take: async (taken) => {
            calls.push([unit, taken]);
            return answers.shift();
          },
          spend: async (spent) => void calls.push([unit, 'spent', spent]),
        }),
      },
    );
    void go('a', 500);
    await pass(29);
    expect(gone).to.deep.equal([]);
    await pass(1);
    expect(gone).to.deep.equal(['a']);
    await limiter.spend(7);
    expect(calls).to.deep.equal([
      ['requests', 1],
      ['tokens', 100],
      ['tokens', 100],
      ['tokens', 'spent', 7],
    ]);
  });

  it('does not delay requests without a limit', async () => {
    const { gone, go } = limiterWith({});
    await Promise.all(['a', 'b', 'c'].map((name) => go(name, 1e9)));
    expect(gone).to.deep.equal(['a', 'b', 'c']);
  });
});
