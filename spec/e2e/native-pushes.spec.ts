import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { Histogram, pushMetrics } from '../../lib/core/index.js';
import { nativeCount } from '../../lib/core/metrics/native/merge-native.js';
import type { NativeHistogram } from '../../lib/core/metrics/native/native-histogram.js';
import { SharedRegistry } from '../../lib/core/metrics/shared-registry.js';
import { Hub } from '../../lib/hub/server/hub.js';
import { startHubServer } from '../../lib/hub/server/start-hub-server.js';
import { nativeGrowth } from '../../lib/hub/sums/native-totals.js';
import {
  goPush,
  goPushPath,
  needPrograms,
  prometheus3,
  prometheus3Path,
  pushgateway,
} from '../support/e2e-programs.js';
import { eventually } from '../support/eventually.js';
import { startPrometheus } from '../support/prometheus.js';
import { startPushgateway } from '../support/pushgateway.js';

/** A process that pushes a histogram, with classic and native buckets. */
function pusher(instance: string, factor: number) {
  const registry = new SharedRegistry();
  const histogram = new Histogram({
    ...{ name: 'go_both_seconds', help: 'Classic and native.', buckets: [1], registers: [registry] },
    nativeHistograms: { factor },
  });
  const push = (url: string) => pushMetrics({ url, job: 'spec', groupings: { instance }, registry });
  return { histogram, push };
}

/** The observations of spec/support/go/go-push. */
const ofGo = [0.25, 0.75, 4];

describe('pushed native histograms', function () {
  this.timeout(60_000);

  it('of client_golang and of TinyLLM are added by the hub and scraped by Prometheus 3.16', async function () {
    needPrograms(this, goPush, prometheus3);
    const folder = await mkdtemp(join(tmpdir(), 'tinyllm-hub-'));
    const options = { persistenceFile: join(folder, 'hub.state') };
    const start = async (port: number) => {
      const hub = await Hub.open(options);
      const server = await startHubServer({ hub, port, registry: new SharedRegistry() });
      return { url: server.url, close: () => server.close().finally(() => hub.close()) };
    };
    let hub = await start(0);
    const { host, port } = new URL(hub.url);
    const prometheus = await startPrometheus(host, {
      program: prometheus3Path,
      jobs: { tinyllm: { scrape_native_histograms: true } },
    });
    const number = async (expression: string): Promise<number> => {
      const [sample] = await prometheus.query(expression);
      return Number(sample?.value);
    };
    try {
      const [fine, coarse] = [pusher('fine', 1.1), pusher('coarse', 1.5)];
      const observed = [...ofGo];
      for (let index = 1; index <= 1_000; index++) {
        observed.push(index / 100, index / 50);
        fine.histogram.observe(index / 100);
        coarse.histogram.observe(index / 50);
      }
      // Don't use spawnSync, because the hub runs in this process.
      await promisify(execFile)(goPushPath, [hub.url]);
      for (const one of [fine, coarse, fine]) await one.push(hub.url);
      await hub.close();
      hub = await start(Number(port));
      await coarse.push(hub.url);
      // A run that ends, and another one with the same group.
      const next = pusher('fine', 1.1);
      next.histogram.observe(3);
      observed.push(3);
      await next.push(hub.url);
      const count = observed.length;
      await eventually(async () => (await number('histogram_count(go_both_seconds)')) === count, { seconds: 20 });
      const sum = observed.reduce((total, value) => total + value, 0);
      expect(await number('histogram_sum(go_both_seconds)')).to.be.closeTo(sum, 1e-6);
      const sorted = [...observed].sort((a, b) => a - b);
      for (const quantile of [0.1, 0.5, 0.95]) {
        const exact = sorted[Math.ceil(quantile * count) - 1]!;
        // The coarsest pusher has the factor 2^(1/2), about 1.41.
        const factor = (await number(`histogram_quantile(${quantile}, go_both_seconds)`)) / exact;
        expect(factor, String(quantile)).to.be.within(2 ** -0.5, 2 ** 0.5);
      }
      const median = await number('histogram_quantile(0.5, go_native_seconds)');
      expect(median).to.be.within(2 ** -0.5, 2 ** -0.375);
    } finally {
      await prometheus.close();
      await hub.close();
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('of client_golang keep their totals when the client widens the zero bucket and halves the resolution', async function () {
    needPrograms(this, goPush);
    const hub = await Hub.open();
    const server = await startHubServer({ hub, port: 0, registry: new SharedRegistry() });
    try {
      let before: NativeHistogram | undefined;
      for (let run = 1; run <= 2; run++) {
        await promisify(execFile)(goPushPath, ['-grow', '14', server.url]);
        const sums = await hub.sums();
        const [total] = sums.find(({ name }) => name === 'go_growing_seconds')!.series;
        // Push n of a run adds 3 * n observations: n positive ones, n negative ones, and n that are close to zero.
        expect(total!.numbers[0]).to.equal(run * 315);
        expect(nativeCount(total!.native!)).to.equal(run * 315);
        expect(total!.native).to.include({ zeroCount: run * 105, zeroThreshold: 2 ** -8 });
        expect(total!.native!.schema).to.be.lessThan(3);
        if (before !== undefined) expect(nativeGrowth(total!.native!, before)).to.not.equal(undefined);
        before = total!.native;
      }
    } finally {
      await server.close();
      await hub.close();
    }
  });

  it("are accepted by Debian's Pushgateway", async function () {
    needPrograms(this, pushgateway);
    const gateway = await startPushgateway();
    try {
      const { histogram, push } = pusher('native', 1.1);
      histogram.observe(4);
      await push(gateway.url);
      const text = await (await fetch(`${gateway.url}/metrics`)).text();
      const labels = 'instance="native",job="spec"';
      expect(text).to.include(`go_both_seconds_bucket{${labels},le="1"} 0\n`);
      expect(text).to.include(`go_both_seconds_bucket{${labels},le="+Inf"} 1\n`);
      expect(text).to.include(`go_both_seconds_sum{${labels}} 4\n`);
    } finally {
      await gateway.close();
    }
  });
});
