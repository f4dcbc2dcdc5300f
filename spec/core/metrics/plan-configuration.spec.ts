import { expect } from 'chai';
import fc from 'fast-check';
import { Gatherer } from '../../../lib/core/aggregation/gatherer.js';
import { MetricsConfigurationError } from '../../../lib/core/errors/errors.js';
import { writeText } from '../../../lib/core/formats/text.js';
import { Meter } from '../../../lib/core/metrics/meter.js';
import type { MeterConfiguration } from '../../../lib/core/metrics/meter-configuration.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { parseText, sampleValue } from '../../support/parse-text.js';

const labels = ['node', 'graph'] as const;

/** Creates the metrics of a thread: three that are recorded for each call, and three others. */
function startThread(configuration: MeterConfiguration = {}) {
  const registry = new SharedRegistry();
  const meter = new Meter(registry);
  const create = () => ({
    calls: meter.create({ name: 'calls_total', kind: 'counter', help: 'Calls.', labels, perCall: true }),
    active: meter.create({ name: 'active', kind: 'gauge', help: 'Active.', labels, perCall: true }),
    wait: meter.create({ name: 'wait_bytes', kind: 'histogram', help: 'W.', labels, perCall: true, buckets: [1, 2] }),
    loads: meter.create({ name: 'loads_total', kind: 'counter', help: 'Loads.', labels: ['model'] }),
    level: meter.create({ name: 'level', kind: 'gauge', help: 'Level.', labels: ['model'], state: true }),
    build: meter.create({ name: 'build_info', kind: 'info', help: 'Build.', labels: ['version'] }),
  });
  const metrics = create();
  meter.configure(configuration);
  return { registry, meter, ...metrics };
}

describe('the labels of a configuration', () => {
  it('are added to metrics that are recorded for each call, with empty values by default', async () => {
    const { registry, calls, loads } = startThread({ labels: ['tenant', 'team'] });
    calls.series('n', 'g').inc();
    calls.series('n', 'g', 'acme', 'red').inc(2);
    loads.series('m').inc();
    const text = await registry.metrics();
    expect(text).to.contain('calls_total{node="n",graph="g",tenant="",team=""} 1');
    expect(text).to.contain('calls_total{node="n",graph="g",tenant="acme",team="red"} 2');
    expect(text).to.contain('loads_total{model="m"} 1');
  });

  it('are also added to metrics that are created later', async () => {
    const { registry, meter } = startThread({ labels: ['tenant'] });
    const late = meter.create({ name: 'late_total', kind: 'counter', help: 'Late.', labels: ['a'], perCall: true });
    late.series('x', 'acme').inc();
    expect(await registry.metrics()).to.contain('late_total{a="x",tenant="acme"} 1');
  });

  it('are replaced by those of a later configuration, which may repeat them after the first use', async () => {
    const { registry, meter, calls } = startThread({ labels: ['team'] });
    meter.configure({ labels: ['tenant'] });
    calls.series('n', 'g', 'acme').inc();
    meter.configure({ labels: ['tenant'], graphContext: false });
    expect(() => meter.configure({ labels: [] })).to.throw(
      MetricsConfigurationError,
      "labels can't be changed, because calls_total is already in use; configure metrics before the first call, the first scrape and the start of a server.",
    );
    expect(await registry.metrics()).to.contain('calls_total{node="n",graph="g",tenant="acme"} 1');
  });

  it('can be dropped from single metrics, whose series are then summed', async () => {
    const { registry, calls, active, wait } = startThread({
      labels: ['tenant'],
      dropLabels: { calls_total: ['tenant'], wait_bytes: ['node', 'tenant'], active: ['node'] },
    });
    for (const [node, tenant] of [
      ['a', 'acme'],
      ['b', 'globex'],
      ['a', 'globex'],
    ] as const) {
      calls.series(node, 'g', tenant).inc();
      active.series(node, 'g', tenant).inc();
      wait.series(node, 'g', tenant).observe(2);
    }
    active.series('b', 'g', 'globex').dec();
    const text = await registry.metrics();
    expect(text).to.contain('calls_total{node="a",graph="g"} 2');
    expect(text).to.contain('active{graph="g",tenant="globex"} 1');
    expect(text).to.contain('wait_bytes_count{graph="g"} 3');
  });

  it('share one series past the limit, with the value other for all labels', async () => {
    const { registry, calls } = startThread({ labels: ['tenant'], maxSeriesPerMetric: 1 });
    for (const tenant of ['a', 'b', 'c']) calls.series('n', 'g', tenant).inc();
    const text = await registry.metrics();
    expect(text).to.contain('calls_total{node="n",graph="g",tenant="a"} 1');
    expect(text).to.contain('calls_total{node="other",graph="other",tenant="other"} 2');
  });

  it('with constant values are on every sample, also after `clear`, unless a default label replaces them', async () => {
    const { registry, meter, calls, level } = startThread({ constantLabels: { env: 'prod', zone: 'a' } });
    calls.series('n', 'g').inc();
    level.series('m').set(1);
    expect(await registry.metrics()).to.contain('calls_total{node="n",graph="g",env="prod",zone="a"} 1');
    registry.setDefaultLabels({ zone: 'b' });
    expect(await registry.metrics()).to.contain('level{model="m",env="prod",zone="b"} 1');
    meter.configure({ constantLabels: { env: 'test' } });
    const gatherer = new Gatherer();
    gatherer.add(0, meter.memory.segments[0]!.buffer);
    expect(writeText(gatherer.families())).to.contain('calls_total{node="n",graph="g",env="test",zone="b"} 1');
    registry.clear();
    expect(registry.defaultLabels).to.deep.equal({ env: 'test' });
  });

  it('cannot have the names of constant labels of an earlier configuration', () => {
    const { meter } = startThread({ constantLabels: { env: 'prod' } });
    expect(() => meter.configure({ labels: ['env'] })).to.throw(
      MetricsConfigurationError,
      'constantLabels contains "env"',
    );
    meter.configure({ labels: ['env'], constantLabels: {} });
    expect(meter.labels).to.deep.equal(['env']);
  });

  it('need as many values as there are labels', () => {
    const { calls } = startThread({ labels: ['tenant', 'team'] });
    expect(() => calls.series('n', 'g', 'acme')).to.throw('calls_total got 3 label values; expected 4');
  });

  const dropped = 'expected a counter, a histogram or a gauge of active calls.';
  const invalid: readonly (readonly [configuration: MeterConfiguration, message: string])[] = [
    [{ labels: ['graph'] }, 'labels contains "graph", which is a label of calls_total; choose another name.'],
    [{ labels: ['le'] }, 'labels contains "le", which is reserved for buckets of histograms; choose another name.'],
    [{ constantLabels: { model: 'x' } }, 'constantLabels contains "model", which is a label of loads_total; choose'],
    [
      { labels: ['env'], constantLabels: { env: 'prod' } },
      'constantLabels contains "env", which is a label of metrics with additional labels; choose another name.',
    ],
    [{ dropLabels: { no_metric: ['a'] } }, 'dropLabels contains "no_metric"; expected the name of a TinyLLM metric.'],
    [
      { dropLabels: { calls_total: ['tenant'] } },
      'dropLabels.calls_total contains "tenant"; expected labels of the metric: node, graph.',
    ],
    [
      { labels: ['tenant'], dropLabels: { loads_total: ['tenant'] } },
      'dropLabels.loads_total contains "tenant"; expected labels of the metric: model.',
    ],
    [{ dropLabels: { level: ['model'] } }, `dropLabels contains level, whose values can't be added; ${dropped}`],
    [
      { dropLabels: { build_info: ['version'] } },
      `dropLabels contains build_info, whose values can't be added; ${dropped}`,
    ],
  ];
  for (const [configuration, message] of invalid) {
    it(`are rejected with: ${message}`, async () => {
      const { registry, meter, calls } = startThread();
      const changes = { maxSeriesPerMetric: 7, enabled: false, buckets: { wait_bytes: [9] }, ...configuration };
      expect(() => meter.configure(changes)).to.throw(MetricsConfigurationError, message);
      expect([meter.maxSeriesPerMetric, meter.isEnabled, meter.labels]).to.deep.equal([1_000, true, []]);
      calls.series('n', 'g').inc();
      expect(await registry.metrics()).to.contain('calls_total{node="n",graph="g"} 1');
    });
  }

  it('have the same totals as the calls, for any labels, limits and dropped labels over several threads', () => {
    const value = fc.constantFrom('', 'a', 'b', 'other', 'c,d');
    const call = fc.record({ thread: fc.nat(2), node: value, graph: value, tenant: value, team: value });
    const drop = fc.subarray(['node', 'graph', 'tenant', 'team']);
    const runs = fc.record({
      ...{ calls: fc.array(call, { maxLength: 50 }), limit: fc.integer({ min: 1, max: 12 }) },
      ...{ counter: drop, gauge: drop, histogram: drop, ends: fc.boolean() },
    });
    fc.assert(
      fc.property(runs, ({ calls, limit, counter, gauge, histogram, ends }) => {
        const gatherer = new Gatherer();
        const threads = [0, 1, 2].map((number) => {
          const thread = startThread({
            labels: ['tenant', 'team'],
            dropLabels: { calls_total: counter, active: gauge, wait_bytes: histogram },
            maxSeriesPerMetric: limit,
          });
          gatherer.add(number, thread.meter.memory.segments[0]!.buffer);
          return thread;
        });
        for (const { thread, node, graph, tenant, team } of calls) {
          const values = [node, graph, tenant, team] as const;
          threads[thread]!.calls.series(...values).inc();
          threads[thread]!.active.series(...values).inc();
          threads[thread]!.wait.series(...values).observe(1);
        }
        if (ends) gatherer.retire(2);
        const families = parseText(writeText(gatherer.families()));
        const total = (name: string) =>
          families
            .flatMap(({ samples }) => samples)
            .filter((sample) => sample.name === name)
            .reduce((sum, sample) => sum + sample.value, 0);
        expect(total('calls_total')).to.equal(calls.length);
        expect(total('wait_bytes_count')).to.equal(calls.length);
        // The gauges of an ended thread are removed.
        const running = calls.filter(({ thread }) => !ends || thread !== 2);
        expect(total('active')).to.equal(running.length);
        for (const { calls: metric } of threads) expect(metric.allSeries.length).to.be.at.most(limit + 1);

        // With room for all series, each combination of the labels that were not dropped has its own series.
        if (limit < 12) return;
        const kept = (['node', 'graph', 'tenant', 'team'] as const).filter((label) => !counter.includes(label));
        const expected = new Map<string, number>();
        for (const one of calls) {
          const key = JSON.stringify(kept.map((label) => one[label]));
          expected.set(key, (expected.get(key) ?? 0) + 1);
        }
        if (expected.size > 12) return;
        const samples = families.flatMap((family) => family.samples).filter(({ name }) => name === 'calls_total');
        const seen = samples.map((one): [string, number] => [
          JSON.stringify(kept.map((label) => one.labels[label])),
          one.value,
        ]);
        expect(new Map(seen)).to.deep.equal(expected);
      }),
    );
  });

  it('of a gauge are the same for increments and decrements', () => {
    const { registry, active } = startThread({ labels: ['tenant'], dropLabels: { active: ['tenant'] } });
    active.series('n', 'g', 'a').inc();
    active.series('n', 'g', 'b').dec();
    return registry
      .metrics()
      .then((text) => expect(sampleValue(text, 'active', { node: 'n', graph: 'g' })).to.equal(0));
  });
});
