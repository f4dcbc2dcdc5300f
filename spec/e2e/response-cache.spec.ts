import { expect } from 'chai';
import { registry } from '../../lib/core/metrics/shared-registry.js';
import type { StoreError } from '../../lib/executor/errors/store-errors.js';
import { ResponseCache } from '../../lib/executor/stores/response-cache.js';
import { needPrograms } from '../support/e2e-programs.js';
import { eventually } from '../support/eventually.js';
import { sampleValue } from '../support/parse-text.js';
import { RedisServer, redisServer } from '../support/redis.js';

const storeErrors = async (operation: string): Promise<number> =>
  sampleValue(await registry.metrics(), 'tinyllm_store_errors_total', { store: 'redis', operation }) ?? 0;

describe('a response cache in a Redis', function () {
  this.timeout(60_000);
  let redis: RedisServer;
  before(async function () {
    needPrograms(this, redisServer);
    redis = await RedisServer.start();
  });
  after(() => redis?.kill());

  it('stores values under its own keys for the configured time', async () => {
    const cache = new ResponseCache({ store: redis.url, ttlSeconds: 100 });
    expect(cache.type).to.equal('redis');
    expect(await cache.get('a1')).to.equal(undefined);
    await cache.set('a1', { text: 'one' });
    expect(await cache.get('a1')).to.deep.equal({ text: 'one' });
    expect(await redis.ask('KEYS *')).to.equal('*1\r\n$16\r\ntinyllm:cache:a1\r\n');
    expect(Number((await redis.ask('TTL tinyllm:cache:a1')).slice(1))).to.be.within(1, 100);
    await cache.close();
  });

  it('treats foreign values as failures, and continues to work', async () => {
    const problems: StoreError[] = [];
    const cache = new ResponseCache({ store: redis.url, onProblem: (error) => problems.push(error) });
    const before = await storeErrors('get');
    await redis.ask('SET tinyllm:cache:junk {');
    await redis.ask('LPUSH tinyllm:cache:list x');
    expect([await cache.get('junk'), await cache.get('list')]).to.deep.equal([undefined, undefined]);
    expect((await storeErrors('get')) - before).to.equal(2);
    expect(problems).to.have.length(1);
    await cache.set('good', 1);
    expect(await cache.get('good')).to.equal(1);
    await cache.close();
  });

  it('works again after Redis was down or did not respond', async () => {
    const problems: string[] = [];
    const cache = new ResponseCache({
      store: redis.url,
      deadlineMilliseconds: 200,
      onProblem: ({ message }) => problems.push(message),
    });
    await cache.set('a', 1);
    await redis.kill();
    expect(await cache.get('a')).to.equal(undefined);
    await cache.set('a', 2);
    expect(problems).to.have.length(1);
    await redis.restart();
    await eventually(async () => {
      await cache.set('a', 3);
      return (await cache.get('a')) === 3;
    });
    redis.pause();
    expect(await cache.get('a')).to.equal(undefined);
    expect(problems[1]).to.include('no reply within 200 ms');
    redis.resume();
    expect(await eventually(async () => ((await cache.get('a')) as number | undefined) ?? false)).to.equal(3);
    await cache.close();
  });
});
