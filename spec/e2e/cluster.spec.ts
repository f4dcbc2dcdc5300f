import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { eventually } from '../support/eventually.js';
import { sampleValue } from '../support/parse-text.js';

const primaryFile = fileURLToPath(new URL('../support/cluster/primary.js', import.meta.url));
const graph = 'default';

/** A primary of `node:cluster` in its own process. */
class Primary {
  readonly #child: ChildProcess;
  #url = '';

  constructor(mode: string) {
    this.#child = fork(primaryFile, [mode], { execArgv: [], stdio: 'inherit' });
  }

  async start(): Promise<void> {
    const [message] = (await once(this.#child, 'message')) as [{ readonly url: string }];
    this.#url = message.url;
  }

  async run(command: string, options: Record<string, unknown> = {}): Promise<number> {
    this.#child.send({ command, ...options });
    const [message] = (await once(this.#child, 'message')) as [{ readonly done: number }];
    return message.done;
  }

  async scrape() {
    const text = await (await fetch(this.#url)).text();
    const labels = { model: 'cluster', graph };
    return {
      requests: sampleValue(text, 'tinyllm_requests_total', { ...labels, request_type: 'generate' }),
      active: sampleValue(text, 'tinyllm_active_requests', labels),
      timed: sampleValue(text, 'tinyllm_request_latency_seconds_count', { model: 'timed', graph }),
    };
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.disconnect();
    await exited;
  }
}

describe('the workers of a cluster', function () {
  this.timeout(30_000);

  let primary: Primary | undefined;
  afterEach(() => primary?.close());

  for (const mode of ['in-thread', 'in-process']) {
    it(`are summed in the primary's scrape, and their counts stay after they exit (${mode})`, async () => {
      const started = new Primary(mode);
      primary = started;
      await started.start();
      await started.run('count');
      const [one, two, three] = [await started.run('fork'), await started.run('fork'), await started.run('fork')];
      for (const worker of [one, two, three]) await started.run('count', { worker, count: 100, gauge: true });
      // The messages and the scrape use different connections. Counts from before the scrape are still included.
      expect(await started.scrape()).to.deep.equal({ requests: 301, active: 3, timed: 300 });
      await started.run('count', { worker: two, count: 7 });
      expect(await started.scrape()).to.deep.equal({ requests: 308, active: 3, timed: 307 });

      await started.run('end', { worker: two, signal: 'SIGKILL' });
      await eventually(async () => (await started.scrape()).active === 2);
      expect(await started.scrape()).to.deep.equal({ requests: 308, active: 2, timed: 307 });

      const four = await started.run('fork');
      await started.run('count', { worker: four, count: 10, gauge: true });
      expect(await started.scrape()).to.deep.equal({ requests: 318, active: 3, timed: 317 });

      // This worker counts and exits immediately. It sends its last counts while it exits.
      await started.run('end', { worker: four, count: 5 });
      await eventually(async () => (await started.scrape()).active === 2);
      expect(await started.scrape()).to.deep.equal({ requests: 323, active: 2, timed: 322 });
    });
  }

  it('can be configured after a scrape if they have counted nothing', async () => {
    const started = new Primary('in-thread');
    primary = started;
    await started.start();
    const worker = await started.run('fork');
    expect(await started.scrape()).to.deep.include({ requests: undefined });
    const buckets = { tinyllm_scrape_duration_seconds: [1, 2] };
    await started.run('count', { worker, count: 4, buckets });
    expect(await started.scrape()).to.deep.include({ requests: 4 });
  });

  it('are summed with their threads, even if only the threads count', async () => {
    const started = new Primary('in-thread');
    primary = started;
    await started.start();
    const worker = await started.run('fork');
    await started.run('count', { worker, count: 4, thread: true });
    await eventually(async () => (await started.scrape()).requests === 4);
    expect((await started.scrape()).active).to.equal(1);
  });
});
