import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Registry } from 'prom-client';
import { collectDefaultMetrics } from '../../../cli/metrics/collect-default-metrics.js';
import { eventually } from '../../support/eventually.js';
import { sampleValue } from '../../support/parse-text.js';
import { startTinyllm, type TinyllmProcess } from '../../support/tinyllm-process.js';

describe("prom-client's default metrics", () => {
  let running: TinyllmProcess | undefined;
  afterEach(() => running?.close());

  it('are added to the registry only once', async () => {
    const registry = new Registry();
    await collectDefaultMetrics(registry);
    await collectDefaultMetrics(registry);
    expect(await registry.metrics()).to.match(/^process_resident_memory_bytes \d+$/m);
  });

  const served = [
    ['run', 'What is 2+2?', '--provider', 'embedded', '--metrics-port', '0'],
    ['metrics', '--port', '0'],
  ];
  for (const args of served) {
    it(`are served by tinyllm ${args[0]} --default-metrics`, async () => {
      const started = startTinyllm(...args, '--default-metrics');
      running = started;
      // While the process is busy, a scrape may not contain prom-client's metrics.
      await eventually(async () => /until (one more scrape|Ctrl-C)/.test(started.printed.stderr));
      const text = await (await fetch(await started.metricsUrl())).text();
      expect(sampleValue(text, 'process_resident_memory_bytes')).to.be.greaterThan(1_000_000);
    });
  }

  it('are in the metrics file of a run without a server', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tinyllm-default-metrics-'));
    try {
      const file = join(folder, 'a.prom');
      running = startTinyllm('run', '2+2', '--provider', 'embedded', '--default-metrics', '--metrics-file', file);
      expect(await running.ended).to.equal(0);
      expect(sampleValue(await readFile(file, 'utf8'), 'process_resident_memory_bytes')).to.be.greaterThan(1_000_000);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
