import { expect } from 'chai';
import { checkPrometheus } from '../../cli/commands/doctor/check-prometheus.js';
import { checkRedis } from '../../cli/commands/doctor/check-redis.js';
import type { Finding } from '../../cli/commands/doctor/finding.js';
import { readTopUrl } from '../../cli/commands/top/top-url.js';
import { startMetricsServer } from '../../lib/core/server/metrics-server.js';
import { needPrograms, prometheus as prometheusServer } from '../support/e2e-programs.js';
import { eventually } from '../support/eventually.js';
import { startPrometheus } from '../support/prometheus.js';
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

  it('finds a Redis, and reports if it requires a password', async () => {
    const found = await checkRedis(redis.url);
    expect(found).to.include({ check: 'redis', verdict: 'ok' });
    expect(found.found).to.match(/^\d+\.\d+\.\d+ responds at redis:/);
    await redis.ask('CONFIG SET requirepass secret');
    const locked = await checkRedis(redis.url);
    expect(locked.fix).to.equal('put the user and password into the address: redis://USER:PASSWORD@HOST:PORT');
    expect(await checkRedis(redis.url.replace('//', '//:secret@'))).to.include({ verdict: 'ok' });
  });

  it("reports Prometheus's state of a target that is up, and of a target that is down", async function () {
    needPrograms(this, prometheusServer);
    const server = await startMetricsServer({ port: 0 });
    const prometheus = await startPrometheus(`127.0.0.1:${server.port}`);
    const check = { prometheus: readTopUrl(prometheus.url)!, endpoint: readTopUrl(server.url) };
    const finding = (pattern: RegExp): Promise<Finding> =>
      eventually(async () => (await checkPrometheus(check)).find(({ found }) => pattern.test(found)));
    try {
      // The spec scrapes once per second to be fast. The doctor notes that this is more often than recommended.
      expect(await finding(/^scrapes .* every 1s$/)).to.include({ verdict: 'note' });
      await server.close();
      expect(await finding(/^cannot scrape .*connection refused/)).to.include({ verdict: 'failed' });
    } finally {
      await prometheus.close();
      await server.close();
    }
  });

  it('exits with code 1 if a check fails, and prints one JSON object', async () => {
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
