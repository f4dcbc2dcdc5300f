import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { followRegistry, unfollowRegistry } from '../../../lib/core/aggregation/follow-registry.js';
import { MetricsCollector } from '../../../lib/core/collector/collector.js';
import { ListenError } from '../../../lib/core/errors/errors.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { RestartDelay, ScrapeThread } from '../../../lib/core/server/scrape-thread.js';
import { eventually } from '../../support/eventually.js';
import { needNode } from '../../support/node-versions.js';
import { sampleValue } from '../../support/parse-text.js';
import { WebConfigFolder } from '../../support/web-config-folder.js';

describe('ScrapeThread', function () {
  this.timeout(30_000);

  const open: ScrapeThread[] = [];
  const registry = new SharedRegistry();
  const collector = new MetricsCollector(registry);
  const problems: string[] = [];
  let crashes = 0;
  let scrapes = 0;
  const start = async (
    port = 0,
    foreignContent = async () => new Uint8Array(0),
    webConfigFile: string | undefined = undefined,
  ) => {
    const thread = new ScrapeThread({
      address: { host: '127.0.0.1', port, webConfigFile, page: undefined },
      refresh: async () => {},
      foreignContent,
      onScrape: () => scrapes++,
      onStart: (follower) => followRegistry(registry, follower),
      onEnd: unfollowRegistry,
      onProblem: ({ message }) => problems.push(message),
      onCrash: () => crashes++,
    });
    open.push(thread);
    const listening = await thread.start();
    return { thread, url: `http://127.0.0.1:${listening}`, port: listening };
  };
  const labels = { model: 'm', graph: 'default', request_type: 'generate' };
  const requests = async (url: string) =>
    sampleValue(await (await fetch(url)).text(), 'tinyllm_requests_total', labels);

  afterEach(async () => {
    for (const thread of open.splice(0)) await thread.close();
    registry.removeSingleMetric('mine');
  });

  it('serves counts from before and after its start', async () => {
    collector.incrementRequestCount({ model: 'm' });
    const { url } = await start();
    expect(await requests(url)).to.equal(1);
    collector.incrementRequestCount({ model: 'm' });
    expect(await requests(url)).to.equal(2);
    await eventually(async () => scrapes === 2);
  });

  it('rejects an address in use, and does not restart', async () => {
    const { port } = await start();
    const before = crashes;
    expect(await start(port).catch((error: unknown) => error)).to.be.instanceOf(ListenError);
    expect(crashes).to.equal(before);
  });

  it('restarts on the same port after a crash, without losing counts', async () => {
    const started = once(process as NodeJS.EventEmitter, 'worker');
    const { url } = await start();
    const before = (await requests(url)) ?? 0;
    const [worker] = (await started) as [Worker];
    await worker.terminate();
    collector.incrementRequestCount({ model: 'm' });
    await eventually(async () => (await requests(url)) === before + 1);
    expect(crashes).to.equal(1);
    expect(problems).to.have.length(1);
  });

  it("omits the application's metrics on a timeout, and counts the timeout", async () => {
    registry.registerMetric({ name: 'mine', get: () => ({}) } as never);
    const late = async () => new TextEncoder().encode('mine 1\n');
    const { url } = await start(0, late);
    expect(await (await fetch(url)).text()).to.match(/^mine 1$/m);
    const { url: never } = await start(0, () => new Promise<Uint8Array<ArrayBuffer>>(() => {}));
    const text = await (await fetch(never)).text();
    expect(text).not.to.match(/^mine/m);
    expect(sampleValue(await (await fetch(never)).text(), 'tinyllm_scrape_foreign_timeouts_total')).to.be.at.least(1);
  });

  it("reports a failure to render the application's metrics, and omits them", async () => {
    registry.registerMetric({ name: 'mine', get: () => ({}) } as never);
    problems.length = 0;
    const { url } = await start(0, () => Promise.reject(new Error('no text')));
    expect((await fetch(url)).status).to.equal(200);
    expect(problems).to.deep.equal(['no text']);
  });

  it('cannot start without worker threads, and the error explains what to do', async function () {
    const node = needNode(this, '24');
    const code = `
      import { startMetricsServer } from './lib/core/dist/index.js';
      const options = { port: 0 };
      const { name, message, cause } = await startMetricsServer(options).catch((error) => error);
      console.log([name, message, cause.code].join(' | '));
      const server = await startMetricsServer({ ...options, thread: false });
      console.log((await fetch(server.url)).status);
      await server.close();`;
    const args = ['--permission', '--allow-fs-read=*', '--no-warnings', '--input-type=module', '--eval', code];
    const { stdout } = await promisify(execFile)(node, args);
    expect(stdout).to.equal(
      'TinyLLMError | The scrape thread cannot start: Access to this API has been restricted. ' +
        'Use --allow-worker to manage permissions. Allow worker threads, or pass `thread: false` to serve the metrics ' +
        'from the main thread. | ERR_ACCESS_DENIED\n200\n',
    );
  });

  it('ends if the segments cannot be sent, and start() rejects with the error', async () => {
    const started = once(process as NodeJS.EventEmitter, 'worker');
    const thread = new ScrapeThread({
      address: { host: '127.0.0.1', port: 0, webConfigFile: undefined, page: undefined },
      ...{
        refresh: async () => {},
        foreignContent: async () => new Uint8Array(0),
        onScrape: () => {},
        onProblem: () => {},
      },
      ...{ onEnd: () => {}, onCrash: () => {} },
      onStart: () => {
        throw new Error('no segments');
      },
    });
    const failed = await thread.start().catch((error: unknown) => error);
    expect(failed).to.have.property('message', 'no segments');
    const [worker] = (await started) as [Worker];
    expect(worker.threadId).to.equal(-1);
  });

  it('runs no module that NODE_OPTIONS preloads, because it could start a server and another thread', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tinyllm-preload-'));
    try {
      const preload = join(folder, 'preload.cjs');
      await writeFile(preload, "console.log('preloaded');\n");
      const code = `
        import { startMetricsServer } from './lib/core/dist/index.js';
        const server = await startMetricsServer({ port: 0 });
        await fetch(server.url);
        await server.close();`;
      const env = { ...process.env, NODE_OPTIONS: `--require ${preload}` };
      const args = ['--input-type=module', '--eval', code];
      expect((await promisify(execFile)(process.execPath, args, { env })).stdout).to.equal('preloaded\n');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('can be closed more than once', async () => {
    const { thread, url } = await start();
    await Promise.all([thread.close(), thread.close()]);
    expect(await fetch(url).catch(() => 'refused')).to.equal('refused');
  });

  it('can be closed before it listens, for example after a crash', async () => {
    // Reading this file delays the time at which the thread listens.
    const folder = await WebConfigFolder.make('http_server_config:\n  headers:\n    X-Frame-Options: deny\n');
    try {
      const started = once(process as NodeJS.EventEmitter, 'worker');
      const { thread, url } = await start(0, undefined, folder.file);
      const [worker] = (await started) as [Worker];
      const restarted = once(process as NodeJS.EventEmitter, 'worker');
      await worker.terminate();
      await restarted;
      await thread.close();
      expect(await fetch(url).catch(() => 'refused')).to.equal('refused');
    } finally {
      await folder.remove();
    }
  });
});

describe('RestartDelay', () => {
  const delaysAfter = (...times: readonly number[]): number[] => {
    const delay = new RestartDelay();
    return times.map((time) => delay.after(time));
  };

  it('doubles with each crash, up to the longest delay', () => {
    const crashes = Array.from({ length: 10 }, () => 0);
    expect(delaysAfter(...crashes)).to.deep.equal([50, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000]);
  });

  it('keeps doubling after a short uptime', () => {
    expect(delaysAfter(60_000, 30, 9_999)).to.deep.equal([50, 100, 200]);
  });

  it('starts again with the first delay after a long uptime', () => {
    expect(delaysAfter(0, 0, 10_000, 0)).to.deep.equal([50, 100, 50, 100]);
  });
});
