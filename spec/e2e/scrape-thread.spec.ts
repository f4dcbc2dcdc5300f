import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { eventually } from '../support/eventually.js';
import { sampleValue } from '../support/parse-text.js';

type Library = typeof import('../../lib/core/index.js');

const built = new URL('../../lib/core/dist/index.js', import.meta.url).href;
const threads = new URL('../support/threads/', import.meta.url);

describe('scrapes in their own thread', function () {
  this.timeout(30_000);

  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const clean of cleanups.splice(0)) await clean();
  });

  it('return current values immediately while the main thread is blocked', async () => {
    const child: ChildProcess = spawn(process.execPath, [new URL('blocked-main.js', threads).pathname, '1500'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    cleanups.push(() => child.kill());
    const [printed] = (await once(child.stdout as NodeJS.EventEmitter, 'data')) as [Buffer];
    const url = printed.toString().trim();
    const labels = { model: 'blocked', graph: 'default', request_type: 'generate' };
    const counts: number[] = [];
    while (counts.length < 3 && child.exitCode === null) {
      const text = await (await fetch(url)).text();
      const count = sampleValue(text, 'tinyllm_requests_total', labels) ?? 0;
      // On a busy machine, the first scrape may happen before the first call.
      if (count > 0) counts.push(count);
    }
    // The main thread is blocked until it exits, so these responses came from the scrape thread.
    expect(child.exitCode).to.equal(null);
    expect(counts[0]).to.be.greaterThan(0);
    expect([...counts].sort((one, other) => one - other)).to.deep.equal(counts);
    expect(counts[2]).to.be.greaterThan(counts[0] ?? 0);
    expect(await once(child, 'exit')).to.deep.equal([0, null]);
  });

  it('sum the counts of all threads, and keep the counts of a thread that has ended', async () => {
    const { getMetricsCollector, startMetricsServer }: Library = await import(built);
    const server = await startMetricsServer({ port: 0 });
    cleanups.push(() => server.close());
    const labels = { model: 'threads', graph: 'default' };
    const scraped = async (name: string, more: Record<string, string> = {}) =>
      sampleValue(await (await fetch(server.url)).text(), name, { ...labels, ...more });
    const requests = () => scraped('tinyllm_requests_total', { request_type: 'generate' });
    getMetricsCollector().incrementRequestCount({ model: 'threads' });
    const workers = [1, 2].map(() => new Worker(new URL('counting-thread.js', threads), { execArgv: [] }));
    cleanups.push(() => Promise.all(workers.map((worker) => worker.terminate())));
    for (const worker of workers) {
      worker.postMessage({ count: 10, model: 'threads' });
      await once(worker, 'message');
    }
    await eventually(async () => (await requests()) === 21);
    expect(await scraped('tinyllm_active_requests')).to.equal(2);
    workers[0]?.postMessage({ count: 4, model: 'threads', end: true });
    await workers[1]?.terminate();
    await eventually(async () => (await scraped('tinyllm_active_requests')) === undefined);
    expect(await requests()).to.equal(25);

    const later = await startMetricsServer({ port: 0 });
    cleanups.push(() => later.close());
    const text = await (await fetch(later.url)).text();
    expect(sampleValue(text, 'tinyllm_requests_total', { ...labels, request_type: 'generate' })).to.equal(25);
  });

  it('keep the counts but not the gauges of a thread that ends together with its parent thread', async () => {
    const { startMetricsServer }: Library = await import(built);
    const server = await startMetricsServer({ port: 0 });
    cleanups.push(() => server.close());
    const parent = new Worker(new URL('starting-thread.js', threads), { execArgv: [] });
    cleanups.push(() => parent.terminate());
    parent.postMessage({ count: 3, model: 'nested' });
    await once(parent, 'message');
    const labels = { model: 'nested', graph: 'default' };
    const scraped = async (name: string, more: Record<string, string> = {}) =>
      sampleValue(await (await fetch(server.url)).text(), name, { ...labels, ...more });
    await eventually(async () => (await scraped('tinyllm_active_requests')) === 1);
    await parent.terminate();
    await eventually(async () => (await scraped('tinyllm_active_requests')) === undefined, { seconds: 5 });
    expect(await scraped('tinyllm_requests_total', { request_type: 'generate' })).to.equal(3);
  });

  it('are counted once each, with several servers', async () => {
    const { startMetricsServer }: Library = await import(built);
    const servers = await Promise.all([1, 2].map(() => startMetricsServer({ port: 0 })));
    for (const server of servers) cleanups.push(() => server.close());
    const scrape = async (url = '') => (await fetch(url)).text();
    const counted = async () =>
      sampleValue(await scrape(servers[0]?.url), 'tinyllm_scrape_duration_seconds_count') ?? 0;
    const before = await counted();
    await Promise.all(Array.from({ length: 100 }, (_, index) => scrape(servers[index % 2]?.url)));
    expect(await counted()).to.equal(before + 101);
  });

  it('include the counts of threads that ended before the server started', async () => {
    const program = `
      import { Worker } from 'node:worker_threads';
      import { startMetricsServer } from ${JSON.stringify(built)};
      const worker = new Worker(new URL(${JSON.stringify(new URL('counting-thread.js', threads).href)}), { execArgv: [] });
      worker.postMessage({ count: 7, model: 'early', end: true });
      await new Promise((resolve) => worker.once('exit', resolve));
      const server = await startMetricsServer({ port: 0 });
      process.stdout.write(await (await fetch(server.url)).text());
      await server.close();`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
      maxBuffer: 1e7,
    });
    const labels = { model: 'early', graph: 'default' };
    expect(sampleValue(stdout, 'tinyllm_requests_total', { ...labels, request_type: 'generate' })).to.equal(7);
    expect(sampleValue(stdout, 'tinyllm_active_requests', labels)).to.equal(undefined);
  });

  it('leave totals exact with 200 concurrent scrapes and 10,000 decorated calls', async () => {
    const { TrackNode, startMetricsServer }: Library = await import(built);
    const server = await startMetricsServer({ port: 0 });
    cleanups.push(() => server.close());
    const methods = { execute: async () => new Promise((resolve) => setImmediate(resolve)) };
    const execute = { value: methods.execute, writable: true, configurable: true };
    const { value } = TrackNode({ node: 'n', graph: 'under-scrapes' })(methods, 'execute', execute);
    const scrapes = Array.from({ length: 200 }, async () => {
      const response = await fetch(server.url);
      await response.text();
      return response.status;
    });
    const calls = Array.from({ length: 10_000 }, () => value?.call(methods));
    await Promise.all(calls);
    expect(new Set(await Promise.all(scrapes))).to.deep.equal(new Set([200]));
    const labels = { node: 'n', graph: 'under-scrapes' };
    const text = await (await fetch(server.url)).text();
    expect(sampleValue(text, 'tinyllm_node_executions_total', labels)).to.equal(10_000);
    expect(sampleValue(text, 'tinyllm_node_execution_duration_seconds_count', labels)).to.equal(10_000);
    expect(sampleValue(text, 'tinyllm_active_nodes', labels)).to.equal(0);
  });
});
