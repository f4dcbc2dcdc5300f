import { expect } from 'chai';
import { SessionError, StoreError } from '../../lib/executor/errors/store-errors.js';
import { Conversation } from '../../lib/executor/stores/conversation.js';
import { openConversations } from '../../lib/executor/stores/open-conversations.js';
import { needPrograms } from '../support/e2e-programs.js';
import { eventually } from '../support/eventually.js';
import { RedisServer, redisServer } from '../support/redis.js';
import { runNode } from '../support/run-node.js';

const exchange = (question: string) => ({ at: '2026-11-23T00:00:00.000Z', question, answer: `re: ${question}` });

describe('conversations in a Redis', function () {
  this.timeout(60_000);
  let redis: RedisServer;
  before(async function () {
    needPrograms(this, redisServer);
    redis = await RedisServer.start();
  });
  after(() => redis?.kill());

  it('lose no exchange if two stores write concurrently, and keep the last 200 exchanges', async () => {
    const stores = [openConversations({ store: redis.url }), openConversations({ store: redis.url })];
    const numbers = Array.from({ length: 210 }, (_, index) => String(index));
    await Promise.all(numbers.slice(0, 150).map((number, index) => stores[index % 2]?.append('a', exchange(number))));
    expect((await stores[0]?.load('a'))?.map(({ question }) => question)).to.have.members(numbers.slice(0, 150));
    for (const number of numbers.slice(150)) await stores[1]?.append('a', exchange(number));
    const kept = await stores[0]?.load('a');
    expect([kept?.length, kept?.at(-1)]).to.deep.equal([200, exchange('209')]);
    await Promise.all(stores.map((store) => store.close()));
  });

  it('reject keys that contain other data', async () => {
    await redis.ask('RPUSH tinyllm:session:junk hello');
    await redis.ask('SET tinyllm:session:text hello');
    const store = openConversations({ store: redis.url });
    const load = (session: string) => store.load(session).catch((error: unknown) => error);
    expect(await load('junk'))
      .to.be.instanceOf(SessionError)
      .with.property('message')
      .that.includes('Index 0 of');
    expect(await load('text'))
      .to.be.instanceOf(StoreError)
      .with.property('message')
      .that.includes('WRONGTYPE');
    await store.close();
  });

  it('are empty while Redis is down, and work again when it is back', async () => {
    let problems = 0;
    const conversation = new Conversation({ session: 'b', store: redis.url, onProblem: () => problems++ });
    await conversation.remember('one', 'two');
    await redis.kill();
    expect(await conversation.recall()).to.deep.equal([]);
    await conversation.remember('three', 'four');
    expect(problems).to.equal(1);
    await redis.restart();
    const turns = await eventually(async () => {
      await conversation.remember('five', 'six');
      const recalled = await conversation.recall();
      return recalled.length > 0 && recalled;
    });
    expect(turns[0]).to.deep.equal({ role: 'user', content: 'five' });
    await conversation.close();
  });

  it('do not keep a process running', async () => {
    const code = `
      import { Conversation, ResponseCache } from '@tinyllm/executor';
      const store = ${JSON.stringify(redis.url)};
      const cache = new ResponseCache({ store });
      await cache.set('a', 1);
      await new Conversation({ session: 'c', store }).remember('one', 'two');
      console.log(await cache.get('a'));
    `;
    const run = await runNode(['--input-type=module', '--eval', code]);
    expect(run).to.deep.equal({ code: 0, stdout: '1\n', stderr: '' });
  });
});
