import { expect } from 'chai';
import { type ExchangePlan, planExchanges } from '../support/chaos/exchange-plan.js';
import { type ClientOutcome, FaultyClients } from '../support/chaos/faulty-client.js';
import { FaultyUpstream } from '../support/chaos/faulty-upstream.js';
import { prlimit, withFileDescriptors } from '../support/chaos/process-limits.js';
import { needPrograms } from '../support/e2e-programs.js';
import { eventually } from '../support/eventually.js';
import { parseText } from '../support/parse-text.js';
import { startTinyllm, type TinyllmProcess } from '../support/tinyllm-process.js';

/** The sum of all samples of a name whose labels include the given ones. */
function total(text: string, name: string, labels: Readonly<Record<string, string>> = {}): number {
  const samples = parseText(text).flatMap((family) => family.samples.filter((sample) => sample.name === name));
  return samples
    .filter((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
    .reduce((sum, { value }) => sum + value, 0);
}

describe('Totals after faults', function () {
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
      const url = await eventually(async () => /passing on (\S+) to/.exec(proxy.printed.stderr)?.[1]);
      metricsUrl = `${/(http:\S+)\/metrics/.exec(proxy.printed.stderr)?.[1]}/metrics`;
      clients = new FaultyClients(url);
    });

    after(async () => {
      clients?.close();
      await proxy?.close();
      for (const upstream of upstreams) await upstream.stop();
    });

    it('are those that the clients saw, with failing upstreams and clients and without file descriptors', async () => {
      const plans = planExchanges(20_261_128, 900);
      const outcomes = new Map<number, ClientOutcome>();
      let next = 0;
      const play = async (number: number, plan: ExchangePlan): Promise<void> => {
        const arrived = new Promise<void>((resolve) => arrivals.set(number, resolve));
        outcomes.set(number, await clients.exchange(plan, number, arrived));
      };
      /** Plays the next exchanges, 32 at a time. */
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
      // A client that leaves while an upstream fails can't know which of both the proxy saw first.
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
      const counted = played.length - count('unserved') - count('refused');
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
});
