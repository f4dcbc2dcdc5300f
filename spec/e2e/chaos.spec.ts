import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { type ExchangePlan, planExchanges } from '../support/chaos/exchange-plan.js';
import { type ClientOutcome, FaultyClients } from '../support/chaos/faulty-client.js';
import { FaultyPushers } from '../support/chaos/faulty-pushers.js';
import { FaultyUpstream } from '../support/chaos/faulty-upstream.js';
import { prlimit, withFileDescriptors, withFileSize } from '../support/chaos/process-limits.js';
import { needPrograms } from '../support/e2e-programs.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { parseText } from '../support/parse-text.js';
import { startTinyllm, startTinyllmIn, type TinyllmProcess } from '../support/tinyllm-process.js';

/** The sum of all samples with this name and at least these labels. */
function total(text: string, name: string, labels: Readonly<Record<string, string>> = {}): number {
  const samples = parseText(text).flatMap((family) => family.samples.filter((sample) => sample.name === name));
  return samples
    .filter((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
    .reduce((sum, { value }) => sum + value, 0);
}

describe('totals after faults', function () {
  this.timeout(90_000);

  describe('of the proxy', () => {
    const arrivals = new Map<number, () => void>();
    const onRequest = (number: number) => arrivals.get(number)?.();
    const upstreams = [new FaultyUpstream(onRequest), new FaultyUpstream(onRequest)] as const;
    let proxy: TinyllmProcess;
    let clients: FaultyClients;
    let metricsUrl: string;

    before(async function () {
      needPrograms(this, prlimit);
      for (const upstream of upstreams) await upstream.start();
      const flags = upstreams.flatMap(({ url }) => ['--upstream', url]);
      proxy = startTinyllm('proxy', ...flags, '--port', '0', '--metrics-port', '0', '--breaker-seconds', '1');
      const url = await eventually(async () => /forwarding (\S+) to/.exec(proxy.printed.stderr)?.[1]);
      metricsUrl = `${/(http:\S+)\/metrics/.exec(proxy.printed.stderr)?.[1]}/metrics`;
      clients = new FaultyClients(url);
    });

    after(async () => {
      clients?.close();
      await proxy?.close();
      for (const upstream of upstreams) await upstream.stop();
    });

    it('equal those of the clients, with failing upstreams, failing clients and few file descriptors', async () => {
      const plans = planExchanges(20_261_128, 900);
      const outcomes = new Map<number, ClientOutcome>();
      let next = 0;
      const play = async (number: number, plan: ExchangePlan): Promise<void> => {
        const arrived = new Promise<void>((resolve) => arrivals.set(number, resolve));
        outcomes.set(number, await clients.exchange(plan, number, arrived));
      };
      /** Runs the next exchanges, 32 at a time. */
      const round = async (count: number, isPlayed: (plan: ExchangePlan) => boolean = () => true): Promise<void> => {
        const end = Math.min(next + count, plans.length);
        const worker = async (): Promise<void> => {
          while (next < end) {
            const number = next++;
            const plan = plans[number];
            if (plan !== undefined && isPlayed(plan)) await play(number, plan);
          }
        };
        await Promise.all(Array.from({ length: 32 }, worker));
      };
      // If a client leaves while an upstream fails, it is unknown which of the two events the proxy saw first.
      const stays = ({ client }: ExchangePlan) => client !== 'leaves' && client !== 'half-body';

      await round(300);
      for (const upstream of upstreams) {
        const during = round(100, stays);
        await upstream.stop();
        await during;
        await upstream.start();
      }
      await withFileDescriptors(proxy.pid, 8, () => round(150, stays));
      await round(250);

      const played = [...outcomes].map(([number, outcome]) => ({ outcome, plan: plans[number] as ExchangePlan }));
      const count = (outcome: ClientOutcome) => played.filter((exchange) => exchange.outcome === outcome).length;
      const completed = played.filter(({ outcome }) => outcome === 'completed').map(({ plan }) => plan);
      const tokens = (which: 'inputTokens' | 'outputTokens') => completed.reduce((sum, plan) => sum + plan[which], 0);
      const text = await eventually(async () => {
        const scraped = await (await fetch(metricsUrl)).text();
        return total(scraped, 'tinyllm_active_requests') === 0 && scraped;
      });
      const counted = played.length - count('unserved') - count('rejected');
      const stop = { finish_reason: 'stop' };
      const cancelled = { finish_reason: 'cancelled' };
      expect({
        requests: total(text, 'tinyllm_requests_total'),
        timed: total(text, 'tinyllm_request_latency_seconds_count'),
        completed: total(text, 'tinyllm_requests_finished_total', stop),
        left: total(text, 'tinyllm_requests_finished_total', cancelled),
        failed: total(text, 'tinyllm_errors_total'),
        inputTokens: total(text, 'tinyllm_tokens_input_total'),
        outputTokens: total(text, 'tinyllm_tokens_output_total'),
        atUpstreams: total(text, 'tinyllm_proxy_upstream_active_requests'),
      }).to.deep.equal({
        requests: counted,
        timed: counted,
        completed: completed.length,
        left: count('left'),
        failed: count('failed'),
        inputTokens: tokens('inputTokens'),
        outputTokens: tokens('outputTokens'),
        atUpstreams: 0,
      });
      for (const outcome of ['completed', 'failed', 'left'] as const) expect(count(outcome)).to.be.greaterThan(20);
    });
  });

  describe('of the hub', () => {
    let folder: string;
    let clock: string;
    let port: number;
    let hub: TinyllmProcess;

    const start = async (): Promise<void> => {
      const environment = {
        NODE_OPTIONS: `--import=${new URL('../support/chaos/shifted-clock.mjs', import.meta.url)}`,
        TINYLLM_SPEC_CLOCK: clock,
      };
      const file = join(folder, 'hub.state');
      hub = startTinyllmIn(environment, 'metrics', '--port', String(port), '--persistence-file', file);
      await hub.metricsUrl();
    };
    const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(10_000) });
    const work = async (): Promise<number> => total(await (await get('/metrics')).text(), 'work_total');

    before(async function () {
      needPrograms(this, prlimit);
      folder = await mkdtemp(join(tmpdir(), 'tinyllm-chaos-'));
      clock = join(folder, 'clock');
      port = await freePort();
      await start();
    });

    after(async () => {
      await hub?.close();
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    });

    it('equal those of the pushers, after kills, full disks, clock steps and missing file descriptors', async () => {
      const pushers = new FaultyPushers(`http://127.0.0.1:${port}`, 6);
      const isExact = async (): Promise<void> => {
        const least = pushers.acknowledged;
        expect(await work()).to.be.within(least, pushers.counted);
      };
      const day = 86_400;
      const faults: readonly (() => Promise<void>)[] = [
        async () => {
          await hub.kill();
          await start();
        },
        () =>
          withFileSize(hub.pid, 4_096, async () => {
            await eventually(async () => (await get('/-/ready')).status === 503);
            await isExact();
          }),
        () => writeFile(clock, String(day)),
        () =>
          withFileDescriptors(hub.pid, 1, async () => {
            await sleep(300);
          }),
        () => writeFile(clock, String(-day)),
      ];
      try {
        for (let round = 0; round < 3; round++) {
          for (const fault of faults) {
            await sleep(200);
            await fault();
            await eventually(async () => (await get('/-/ready')).status === 200);
            await isExact();
          }
        }
      } finally {
        await pushers.stop();
      }
      expect(await work()).to.equal(pushers.acknowledged);
      expect(pushers.acknowledged).to.be.greaterThan(100);
      expect(total(await (await get('/metrics')).text(), 'pushers')).to.equal(6);
      await hub.kill();
      await start();
      expect(await work()).to.equal(pushers.acknowledged);
    });
  });

  describe('of an application', () => {
    let folder: string;
    let file: string;
    let clock: string;
    let application: ChildProcess;
    let url: string;
    const unread: Socket[] = [];

    const scrape = async (): Promise<string> => {
      const signal = AbortSignal.timeout(10_000);
      return (await fetch(`${url}/metrics`, { signal })).text();
    };

    before(async function () {
      needPrograms(this, prlimit);
      folder = await mkdtemp(join(tmpdir(), 'tinyllm-chaos-'));
      file = join(folder, 'application.prom');
      clock = join(folder, 'clock');
      const env = { ...process.env, TINYLLM_SPEC_CLOCK: clock };
      const execArgv = ['--import', String(new URL('../support/chaos/shifted-clock.mjs', import.meta.url))];
      application = fork(new URL('../support/chaos/application.js', import.meta.url), [file], { env, execArgv });
      [{ url }] = await once(application, 'message');
    });

    after(async () => {
      for (const socket of unread) socket.destroy();
      if (application !== undefined && application.exitCode === null) {
        application.kill('SIGKILL');
        await once(application, 'exit');
      }
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    });

    it('equal its own counts, with unread scrapes, full disks, clock steps and few file descriptors', async () => {
      const { pid = 0 } = application;
      const neverRead = async (): Promise<void> => {
        for (let index = 0; index < 40; index++) {
          const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {});
          socket.pause().write('GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(20));
          unread.push(socket);
        }
        await sleep(200);
      };
      const faults: readonly (() => Promise<void>)[] = [
        neverRead,
        () => withFileSize(pid, 1_024, () => sleep(300)),
        () => writeFile(clock, '86400'),
        () => withFileDescriptors(pid, 1, () => sleep(300)),
        () => writeFile(clock, '-86400'),
      ];
      let before = 0;
      for (let round = 0; round < 2; round++) {
        for (const fault of faults) {
          await fault();
          const now = total(await eventually(scrape), 'tinyllm_requests_total');
          expect(now).to.be.at.least(before);
          before = now;
        }
      }
      application.send('end');
      const [totals] = (await once(application, 'message')) as [Readonly<Record<string, number>>];
      expect(totals.failedThreads, 'threads that could not start').to.be.greaterThan(0);
      for (const text of [await scrape(), await eventually(() => readFile(file, 'utf8'))]) parseText(text);
      const text = await scrape();
      expect({
        asked: total(text, 'tinyllm_requests_total'),
        timed: total(text, 'tinyllm_request_latency_seconds_count'),
        failed: total(text, 'tinyllm_errors_total'),
        inputTokens: total(text, 'tinyllm_tokens_input_total'),
        outputTokens: total(text, 'tinyllm_tokens_output_total'),
        active: total(text, 'tinyllm_active_requests'),
        own: total(text, 'own_gauge'),
      }).to.deep.equal({
        asked: totals.asked,
        timed: totals.asked,
        failed: totals.failed,
        inputTokens: 3 * (Number(totals.asked) - Number(totals.failed)),
        outputTokens: 2 * (Number(totals.asked) - Number(totals.failed)),
        active: 0,
        own: 1,
      });
      expect((await readdir(folder)).sort()).to.deep.equal(['application.prom', 'clock']);
      expect(totals.files).to.be.greaterThan(10);
      expect(totals.unwritten).to.be.greaterThan(1);
    });
  });
});
