import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { needPrograms, prometheus, prometheus3, promtool3Path } from '../support/e2e-programs.js';
import { eventually } from '../support/eventually.js';
import { type RunningPrometheus, startPrometheus } from '../support/prometheus.js';
import { type ScrapedApplication, startApplication } from '../support/scraped/start-application.js';
import { samplesOfText, storedSamples } from '../support/scraped/stored-samples.js';

describe("Debian's Prometheus 2.42", function () {
  this.timeout(60_000);

  const cleanups: (() => Promise<void>)[] = [];
  let application: ScrapedApplication;
  before(async function () {
    needPrograms(this, prometheus, prometheus3);
    application = await startApplication();
    cleanups.push(application.close);
  });
  after(async () => {
    for (const clean of cleanups.reverse()) await clean();
  });

  async function start(features: readonly string[] = []): Promise<RunningPrometheus> {
    const server = await startPrometheus(new URL(application.url).host, { features });
    cleanups.push(server.close);
    await eventually(async () => (await server.query('up == 1')).length === 1);
    return server;
  }

  it('scrapes all samples, in OpenMetrics and in protobuf', async () => {
    const [openMetrics, protobuf] = await Promise.all([start(), start(['native-histograms'])]);
    const text = samplesOfText(await (await fetch(`${application.url}/metrics`)).text());
    const [classic, mixed] = await Promise.all([
      storedSamples(openMetrics, 'tinyllm'),
      storedSamples(protobuf, 'tinyllm'),
    ]);
    // In OpenMetrics, a histogram with negative values has neither a sum nor a count.
    const expected = [...text].filter(([name]) => !/^custom_change_(sum|count)/.test(name));
    expect(numbersOf(classic.classic)).to.deep.equal(Object.fromEntries(expected));
    expect(classic.native.size).to.equal(0);

    // This version stores a native histogram instead of the classic samples.
    const natives = [...mixed.native.keys()].map((key) => key.replace(/ .*/, ''));
    expect(natives).to.include.members(['custom_both_seconds', 'custom_change', 'distribution']);
    const others = [...text].filter(([key]) => !natives.includes(key.replace(/(_bucket|_sum|_count)? .*/, '')));
    expect(numbersOf(mixed.classic)).to.deep.equal(Object.fromEntries(others));
    for (const [key, { count }] of mixed.native)
      expect(Number(count), key).to.equal(Number(text.get(key.replace(' ', '_count '))));
    expect(openMetrics.log + protobuf.log).to.equal('');
  });

  for (const [version, promtool] of [
    ['2.42', 'promtool'],
    ['3.16', promtool3Path],
  ] as const) {
    it(`has a format that promtool ${version} accepts`, async () => {
      const input = await (await fetch(`${application.url}/metrics`)).text();
      const { status, stderr } = spawnSync(promtool, ['check', 'metrics'], { input, encoding: 'utf8' });
      // Status 3 means that the only problems are names.
      expect(status).to.equal(3);
      expect(stderr.trim()).to.equal('custom_steps counter metrics should have "_total" suffix');
    });
  }
});

function numbersOf(samples: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries(
    [...samples].map(([key, value]) => [key, String(Number(value.replace('Inf', 'Infinity')))]),
  );
}
