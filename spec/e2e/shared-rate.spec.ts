import { expect } from 'chai';
import { connectModels } from '../../lib/executor/models/connect-models.js';
import { RedisRateBudgets } from '../../lib/executor/stores/redis-rate-budgets.js';
import type { RateBudget } from '../../lib/resilience/policies/rate-budget.js';
import { needPrograms } from '../support/e2e-programs.js';
import { RedisServer, redisServer } from '../support/redis.js';
import { ScriptedModel } from '../support/scripted-model.js';
import { scraped } from '../support/shared-scrape.js';

describe('rate limits in a Redis', function () {
  this.timeout(60_000);
  let redis: RedisServer;
  const opened: RedisRateBudgets[] = [];
  const problems: string[] = [];

  before(async function () {
    needPrograms(this, redisServer);
    redis = await RedisServer.start();
  });
  beforeEach(() => {
    problems.length = 0;
  });
  afterEach(() => Promise.all(opened.splice(0).map((budgets) => budgets.close())));
  after(() => redis?.kill());

  /** Opens budgets as one process does. */
  function open(): RedisRateBudgets {
    const onProblem = ({ message }: Error): void => void problems.push(message);
    const budgets = new RedisRateBudgets(redis.url, { onProblem, deadlineMilliseconds: 2000 });
    opened.push(budgets);
    return budgets;
  }

  /** Takes `count` requests from the budgets in turn, and returns how many were allowed. */
  async function allowed(count: number, budgets: readonly RateBudget[]): Promise<number> {
    let sum = 0;
    for (let index = 0; index < count; index++) {
      if ((await budgets[index % budgets.length]?.take(1)) === undefined) sum++;
    }
    return sum;
  }

  it('are shared by processes with the same key, and only by those', async () => {
    const [one, other] = [open(), open()];
    const shared = [one.open('a:requests', 5), other.open('a:requests', 5)];
    expect(await allowed(12, shared)).to.equal(5);
    expect(await allowed(12, [other.open('b:requests', 5)])).to.equal(5);
    const wait = await shared[1]?.take(1);
    expect(wait).to.be.within(1, 60_000);
    expect(await redis.ask('TTL tinyllm:rate:a:requests')).to.match(/^:(?:[1-9]|[1-5]\d|60)\r\n/);
  });

  it("count one process's consumption for all processes", async () => {
    const [one, other] = [open().open('c:tokens', 100), open().open('c:tokens', 100)];
    expect(await one.take(40)).to.equal(undefined);
    await one.spend(50);
    expect(await other.take(20)).to.be.above(0);
  });

  it('apply to each process separately while Redis is down or hangs, and are shared again afterwards', async () => {
    const errors = { store: 'redis', operation: 'count requests' };
    const before = (await scraped('tinyllm_store_errors_total', errors)) ?? 0;
    const [one, other] = [open().open('d:requests', 3), open().open('d:requests', 3)];
    expect(await allowed(2, [one, other])).to.equal(2);
    await redis.kill();
    expect(await allowed(10, [one])).to.equal(3);
    expect(await allowed(10, [other])).to.equal(3);
    await one.spend(1);
    expect(problems).to.have.length(2);
    expect(problems[0]).to.match(/^The Redis at redis:\/\/127\.0\.0\.1:\d+ failed to count requests: /);
    expect((await scraped('tinyllm_store_errors_total', errors)) ?? 0).to.equal(before + 21);
    await redis.restart();
    redis.pause();
    const paused = open().open('e:requests', 2);
    expect(await allowed(4, [paused])).to.equal(2);
    redis.resume();
    const again = [open().open('d:requests', 3), open().open('d:requests', 3)];
    expect(await allowed(10, again)).to.equal(3);
  });

  it('apply to models that are connected with the same store', async () => {
    const connect = () =>
      connectModels({
        models: { default: { model: 'm', rate: { requests_per_minute: 2, store: redis.url } } },
        select: async () => new ScriptedModel('m'),
      });
    const processes = [await connect(), await connect()];
    const ask = (index: number, signal?: AbortSignal) =>
      processes[index]?.default.generate({ prompt: 'Hi', ...(signal && { signal }) });
    await ask(0);
    await ask(1);
    for (const index of [0, 1]) {
      const signal = AbortSignal.timeout(300);
      expect(await ask(index, signal)?.catch((error: unknown) => error)).to.equal(signal.reason);
    }
    await Promise.all(processes.map((models) => models.close()));
  });
});
