import { expect } from 'chai';
import { checkRedis } from '../../cli/doctor/check-redis.js';
import { needPrograms } from '../support/e2e-programs.js';
import { RedisServer, redisServer } from '../support/redis.js';
import { endAllCli, startCli } from '../support/start-cli.js';

describe('tinyllm doctor', function () {
  this.timeout(60_000);
  let redis: RedisServer;
  before(async function () {
    needPrograms(this, redisServer);
    redis = await RedisServer.start();
  });
  after(async () => {
    await endAllCli();
    await redis?.kill();
  });

  it('finds a Redis, and says when it wants a password', async () => {
    const found = await checkRedis(redis.url);
    expect(found).to.include({ check: 'redis', verdict: 'ok' });
    expect(found.found).to.match(/^\d+\.\d+\.\d+ answers at redis:/);
    await redis.ask('CONFIG SET requirepass secret');
    const locked = await checkRedis(redis.url);
    expect(locked.fix).to.equal('put user and password into the address, as in redis://USER:PASSWORD@HOST:PORT');
    expect(await checkRedis(redis.url.replace('//', '//:secret@'))).to.include({ verdict: 'ok' });
  });

  it('fails as a process when something does, and prints one object', async () => {
    await redis.kill();
    const args = ['doctor', '--provider', 'embedded', '--store', redis.url, '--json'];
    const { code, stdout, stderr } = await startCli(args, { TINYLLM_HUB: '' }).end();
    expect([code, stderr]).to.deep.equal([1, 'tinyllm: 1 of 5 checks failed.\n']);
    const { ok, checks, error } = JSON.parse(stdout);
    expect(ok).to.equal(false);
    expect(checks.map(({ verdict }: { verdict: string }) => verdict)).to.deep.equal(['ok', 'ok', 'ok', 'ok', 'failed']);
    expect(error).to.deep.equal({ name: 'ReportedFailure', message: '1 of 5 checks failed.' });
  });
});
