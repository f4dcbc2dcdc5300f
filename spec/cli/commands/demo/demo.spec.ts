import { expect } from 'chai';
import { Lifetime } from '../../../../cli/command/lifetime.js';
import { demo } from '../../../../cli/commands/demo/demo.js';
import { registry } from '../../../../lib/core/index.js';
import { captureOutput } from '../../../support/captured-output.js';
import { eventually } from '../../../support/eventually.js';
import { sampleValue } from '../../../support/parse-text.js';
import { endAllCli, startCli } from '../../../support/start-cli.js';
import { startTinyllm } from '../../../support/tinyllm-process.js';

describe('tinyllm demo together with tinyllm top', function () {
  this.timeout(20_000);
  afterEach(endAllCli);

  const modelsOf = (text: string): ReadonlySet<string | undefined> =>
    new Set([...text.matchAll(/^tinyllm_requests_total\{model="([^"]+)"/gm)].map(([, model]) => model));

  it('records metrics of simulated traffic, and prints that it is a simulation', async () => {
    const running = startTinyllm('demo', '--port', '0', '--rate', '40/s', '--json');
    try {
      const url = await running.metricsUrl();
      const top = startCli(['top', url, '--interval', '0.5', '--json']);
      const text = await eventually(async () => {
        const scraped = await (await fetch(url)).text();
        const labels = { graph: 'simulated_multi_domain', node: 'exit' };
        const passed = sampleValue(scraped, 'tinyllm_node_executions_total', labels) ?? 0;
        return passed > 20 && modelsOf(scraped).size === 3 && scraped;
      });
      expect([...modelsOf(text)]).to.have.members(['embedded', 'simulated-small', 'simulated-large']);
      expect(new Set([...text.matchAll(/graph="([^"]+)"/g)].map(([, graph]) => graph))).to.deep.equal(
        new Set(['simulated_multi_domain']),
      );
      expect(text).to.match(/^tinyllm_cache_misses_total\{cache_type="memory"\} [1-9]/m);
      expect(text).to.match(/^tinyllm_queue_requests_total\{priority="normal"\} [1-9]/m);
      const figures = await eventually(async () => {
        const line = top.stdout.trim().split('\n').at(-1);
        const read = line === undefined || line === '' ? undefined : JSON.parse(line);
        return read?.requestsPerSecond > 0 && read.nodes.length > 0 && read;
      });
      expect(figures).to.include({ hasTraffic: true, url });
      expect(figures.models.map(({ model }: { model: string }) => model)).to.include('simulated-small');
      top.child.kill('SIGTERM');
      expect((await top.end()).code).to.equal(143);
    } finally {
      await running.close();
    }
    expect(running.printed.stderr).to.contain('this is a simulation').and.to.contain('seed 1');
    expect(JSON.parse(running.printed.stdout)).to.include({ simulation: true, seed: 1, rate: 40 });
  });

  it('stops on an abort even if it cannot keep up with its rate', async () => {
    // Other tests in this process may also have added requests to queues.
    const queued = async () =>
      sampleValue(await registry.metrics(), 'tinyllm_queue_requests_total', { priority: 'normal' }) ?? 0;
    const before = await queued();
    const { output, stderr } = captureOutput();
    const lifetime = new Lifetime(output);
    const options = { port: 0, host: '127.0.0.1', seed: 5, rate: 20_000, durationSeconds: undefined, json: false };
    const ended = demo(options, lifetime).catch((error: unknown) => error);
    await eventually(async () => (await queued()) > before);
    lifetime.end();
    expect(await ended).to.have.property('name', 'AbortError');
    await lifetime.close();
    expect(stderr.text).to.match(/simulated [1-9]\d* requests/);
  });

  it('stops after its duration', async () => {
    const { output, stderr, stdout } = captureOutput();
    const lifetime = new Lifetime(output);
    const options = { port: 0, host: '127.0.0.1', seed: 5, rate: 10, durationSeconds: 0.3, json: false };
    await demo(options, lifetime);
    await lifetime.close();
    expect(stderr.text).to.match(/simulated \d+ requests: \d+ answered/);
    expect(stdout.text).to.equal('');
  });
});
