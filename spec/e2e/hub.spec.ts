import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Counter, Histogram, Pushgateway, Registry } from 'prom-client';
import { needPrograms, python, pythonPrometheusClient } from '../support/e2e-programs.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { sampleValue } from '../support/parse-text.js';
import { runNode } from '../support/run-node.js';
import { startTinyllm, type TinyllmProcess } from '../support/tinyllm-process.js';

const pythonPushes = `
import sys
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, Summary
from prometheus_client import delete_from_gateway, push_to_gateway, pushadd_to_gateway
address = sys.argv[1]
for run in range(3):
    registry = CollectorRegistry()
    Counter('jobs', 'Jobs.', ['kind'], registry=registry).labels('a"b\\\\\\n').inc(2)
    Histogram('wait_seconds', 'Waits.', registry=registry).observe(0.3)
    Summary('size', 'Sizes.', registry=registry).observe(5)
    Info('build', 'Build.', registry=registry).info({'v': '1'})
    Gauge('level', 'Level.', registry=registry).set(run)
    push_to_gateway(address, job='put', grouping_key={'path': 'a/b', 'empty': ''}, registry=registry)
    push_to_gateway(address, job='put', grouping_key={'path': 'a/b', 'empty': ''}, registry=registry)
    pushadd_to_gateway(address, job='post', registry=registry)
delete_from_gateway(address, job='post')
`;

describe('tinyllm metrics as a hub', function () {
  this.timeout(60_000);

  let folder: string;
  let file: string;
  let port: number;
  let hub: TinyllmProcess | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tinyllm-hub-'));
    file = join(folder, 'hub.state');
    port = await freePort();
    hub = start();
    await hub.metricsUrl();
  });
  afterEach(async () => {
    await hub?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const start = (): TinyllmProcess => startTinyllm('metrics', '--port', String(port), '--persistence-file', file);
  const scrape = async (): Promise<string> => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();

  it('sums runs that have TINYLLM_HUB in their environment, including failed ones', async () => {
    const env = { TINYLLM_HUB: `http://127.0.0.1:${port}` };
    const query = (text: string) => runNode(['cli/bin/tinyllm.js', 'run', text, '--provider', 'embedded'], { env });
    const ended = await Promise.all(['What is 2+2?', 'half of 90', 'Who won the cup?'].map(query));
    expect(ended.map(({ code }) => code)).to.deep.equal([0, 0, 1]);
    const text = await scrape();
    expect(sampleValue(text, 'tinyllm_graph_executions_total', { graph: 'multi_domain' })).to.equal(3);
    expect(sampleValue(text, 'tinyllm_graph_execution_duration_seconds_count', { graph: 'multi_domain' })).to.equal(3);
    expect(text).not.to.contain(hostname());
  });

  it("accepts Python's push_to_gateway, pushadd_to_gateway and delete_from_gateway", async function () {
    needPrograms(this, pythonPrometheusClient);
    const pushed = spawnSync(python, ['-c', pythonPushes, `127.0.0.1:${port}`], { encoding: 'utf8' });
    expect(pushed.stderr).to.equal('');
    const text = await scrape();
    // Each of the two groups gets pushes from three registries. Each registry starts at zero and states its creation
    // time.
    expect(sampleValue(text, 'jobs_total', { kind: 'a"b\\\n' })).to.equal(12);
    expect(sampleValue(text, 'wait_seconds_count')).to.equal(6);
    expect(sampleValue(text, 'size_sum')).to.equal(30);
    expect(sampleValue(text, 'build_info', { v: '1' })).to.equal(1);
    expect(sampleValue(text, 'level')).to.equal(2);
  });

  it("accepts pushes of prom-client's Pushgateway, uncompressed and with gzip", async () => {
    for (const [instance, headers] of [
      ['plain', {}],
      ['zipped', { 'Content-Encoding': 'gzip' }],
    ] as const) {
      const registry = new Registry();
      const counter = new Counter({ name: 'calls_total', help: 'Calls.', registers: [registry] });
      const histogram = new Histogram({ name: 'took_seconds', help: 'Took.', buckets: [1, 5], registers: [registry] });
      const gateway = new Pushgateway(`http://127.0.0.1:${port}`, { headers }, registry);
      for (const seconds of [0.5, 2]) {
        counter.inc();
        histogram.observe(seconds);
        await gateway.pushAdd({ jobName: 'js', groupings: { instance } });
        await gateway.push({ jobName: 'js', groupings: { instance } });
      }
    }
    const text = await scrape();
    expect(sampleValue(text, 'calls_total')).to.equal(4);
    expect(sampleValue(text, 'took_seconds_bucket', { le: '1' })).to.equal(2);
    expect(sampleValue(text, 'took_seconds_count')).to.equal(4);
  });

  it('counts every acknowledged push exactly once, even if it is killed several times', async () => {
    const pushers = 4;
    /** The current count of each pusher, and its last acknowledged count. */
    const counted = Array<number>(pushers).fill(0);
    const acknowledged = Array<number>(pushers).fill(0);
    const seen: number[] = [];
    let pushing = true;
    const push = async (pusher: number): Promise<void> => {
      while (pushing) {
        counted[pusher] = (counted[pusher] ?? 0) + 1;
        const value = counted[pusher];
        const answer = await fetch(`http://127.0.0.1:${port}/metrics/job/kill/instance/${pusher}`, {
          method: 'PUT',
          body: `# TYPE work_total counter\nwork_total ${value}\n`,
        }).catch(() => undefined);
        if (answer?.ok) acknowledged[pusher] = value;
        else await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    const total = async (): Promise<number> => sampleValue(await scrape(), 'work_total') ?? 0;
    const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
    const all = Promise.all(counted.map((_, pusher) => push(pusher)));
    try {
      for (let kill = 0; kill < 4; kill += 1) {
        const until = Date.now() + 300;
        while (Date.now() < until) {
          const least = sum(acknowledged);
          const now = await total();
          expect(now).to.be.within(least, sum(counted));
          seen.push(now);
        }
        await hub?.kill();
        hub = start();
        await hub.metricsUrl();
      }
    } finally {
      pushing = false;
      await all;
    }
    seen.push(await total());
    expect(seen).to.deep.equal([...seen].sort((a, b) => a - b));
    expect(sum(acknowledged)).to.be.greaterThan(20);
    expect(await total()).to.be.within(sum(acknowledged), sum(counted));
  });

  it('rejects pushes on a full disk, is not ready, and still serves the stored values', async () => {
    await hub?.close();
    // A file size limit of 64 KiB makes writes fail, as on a full disk.
    const command = 'trap "" XFSZ; ulimit -f 64; exec "$@"';
    const program = [
      process.execPath,
      'cli/bin/tinyllm.js',
      'metrics',
      '--port',
      String(port),
      '--persistence-file',
      file,
    ];
    const limited = spawn('bash', ['-c', command, 'bash', ...program], { stdio: ['ignore', 'ignore', 'pipe'] });
    try {
      await eventually(async () => (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok);
      const push = async (value: number): Promise<number> => {
        const lines = Array.from({ length: 50 }, (_, index) => `work_total{n="${index}"} ${value}\n`).join('');
        const body = `# TYPE work_total counter\n${lines}`;
        const url = `http://127.0.0.1:${port}/metrics/job/full`;
        return (await fetch(url, { method: 'PUT', body })).status;
      };
      let stored = 0;
      let status = 200;
      while (status === 200 && stored < 1_000) {
        status = await push(stored + 1);
        if (status === 200) stored += 1;
      }
      expect(status).to.equal(507);
      expect(stored).to.be.within(5, 100);
      const probe = await fetch(`http://127.0.0.1:${port}/-/ready`);
      expect(probe.status).to.equal(503);
      expect(await probe.text()).to.match(/^not ready: .+ cannot be written: .+\n$/);
      expect(sampleValue(await scrape(), 'work_total', { n: '7' })).to.equal(stored);
      limited.kill('SIGKILL');
      await once(limited, 'exit');
      hub = start();
      await hub.metricsUrl();
      expect(sampleValue(await scrape(), 'work_total', { n: '7' })).to.equal(stored);
      expect(await push(stored + 5)).to.equal(200);
      expect(sampleValue(await scrape(), 'work_total', { n: '7' })).to.equal(stored + 5);
    } finally {
      limited.kill('SIGKILL');
    }
  });

  it('rejects a truncated file, a file with other content, and a file in use, with one line each', async () => {
    const second = startTinyllm('metrics', '--port', '0', '--persistence-file', file);
    expect(await second.ended).to.equal(1);
    expect(second.printed.stderr).to.match(/^tinyllm: .+ is in use by process \d+[^\n]+\n$/);
    await fetch(`http://127.0.0.1:${port}/metrics/job/a`, { method: 'PUT', body: 'x 1\n' });
    await hub?.close();
    for (const spoil of [() => truncate(file, 40), () => writeFile(file, '{"x":1}\n')]) {
      await spoil();
      const third = startTinyllm('metrics', '--port', '0', '--persistence-file', file);
      expect(await third.ended).to.equal(1);
      expect(third.printed.stderr).to.match(/^tinyllm: .+ is not a valid hub file: [^\n]+\n$/);
    }
  });
});
