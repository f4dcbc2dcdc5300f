import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { proxyPanels } from '../../lib/monitoring/dashboards/proxy-panels.js';
import { needPrograms, prometheus, wrk } from '../support/e2e-programs.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { evaluate, type KitServer, startKitPrometheus } from '../support/monitoring/servers.js';
import { type RecordingUpstream, startRecordingUpstream } from '../support/proxy/recording-upstream.js';
import { type CliProcess, endAllCli, startCli } from '../support/start-cli.js';

const run = promisify(execFile);
const answer = JSON.stringify({ model: 'tiny', done: true, done_reason: 'stop', prompt_eval_count: 5, eval_count: 3 });
/** The request that wrk sends. */
const script = `wrk.method = "POST"
wrk.body = '{"model":"tiny","stream":false,"messages":[]}'
wrk.headers["Content-Type"] = "application/json"
`;

describe('tinyllm proxy, scraped by Prometheus under load from wrk', function () {
  this.timeout(60_000);
  let folder: string;
  let upstream: RecordingUpstream;
  let proxy: CliProcess;
  let server: KitServer | undefined;
  let url: string;

  before(async function () {
    needPrograms(this, prometheus, wrk);
    folder = mkdtempSync(join(tmpdir(), 'tinyllm-wrk-'));
    writeFileSync(join(folder, 'ask.lua'), script);
    upstream = await startRecordingUpstream((_request, response) => void response.end(answer));
    const gone = `http://127.0.0.1:${await freePort()}`;
    const upstreams = ['--upstream', upstream.url, '--upstream', gone];
    proxy = startCli([
      'proxy',
      ...upstreams,
      '--port',
      '0',
      '--metrics-port',
      '0',
      '--no-ps',
      '--breaker-seconds',
      '0.2',
    ]);
    const [, target = ''] = await proxy.untilStderr(/serving metrics at http:\/\/([^/]+)/);
    url = (await proxy.untilStderr(/forwarding (\S+) to/))[1] ?? '';
    server = await startKitPrometheus('prometheus/prometheus.yml', {
      instead: { 'localhost:9090': target, 'localhost:9093': '127.0.0.1:9' },
    });
  });

  after(async () => {
    await Promise.all([server?.close(), endAllCli(), upstream?.close()]);
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  const total = async (expression: string): Promise<number> =>
    Number((await evaluate(server!, `sum(${expression})`))[0]?.value[1] ?? 0);

  it('forwards and counts all requests', async () => {
    await fetch(`${url}/api/chat`, { method: 'POST', headers: { 'Content-Encoding': 'secret' }, body: '{}' });
    const { stdout } = await run('wrk', ['-t1', '-c32', '-d3s', '-s', join(folder, 'ask.lua'), `${url}/api/chat`]);
    const asked = Number(/(\d+) requests in/.exec(stdout)?.[1]);
    expect(asked).to.be.above(100);
    expect(stdout).to.not.match(/Non-2xx|Socket errors/);
    const counted = 'tinyllm_requests_total{model="tiny",graph="proxy"}';
    await eventually(async () => (await total(counted)) >= asked && (await total('tinyllm_active_requests')) === 0);
    // Also counted: the request before wrk started, whose response contains the model, and up to 32 requests that were
    // active when wrk stopped.
    expect(await total(counted)).to.be.within(asked + 1, asked + 1 + 32);
    const ended = 'tinyllm_requests_finished_total{model="tiny"}';
    await eventually(async () => (await total(ended)) === (await total(counted)));
    expect(await total('tinyllm_requests_finished_total{model="tiny",finish_reason="stop"}')).to.be.least(asked);
    expect(await total('tinyllm_errors_total')).to.equal(0);
    expect(await total('tinyllm_proxy_upstream_active_requests')).to.equal(0);
  });

  it('has samples for every expression of its panels', async () => {
    for (const { title, queries } of proxyPanels) {
      for (const { expression } of queries) {
        const concrete = expression.replaceAll('$__rate_interval', '30s').replaceAll('$job', '.*');
        const samples = await eventually(async () => {
          const found = await evaluate(server!, concrete);
          return found.length > 0 && found;
        });
        for (const { value } of samples) expect(value[1], `${title}: ${concrete}`).not.to.equal('NaN');
      }
    }
  });
});
