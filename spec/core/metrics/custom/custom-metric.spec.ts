import { expect } from 'chai';
import { Registry } from 'prom-client';
import { Counter } from '../../../../lib/core/metrics/custom/counter.js';
import { Gauge } from '../../../../lib/core/metrics/custom/gauge.js';
import { registry, SharedRegistry } from '../../../../lib/core/metrics/shared-registry.js';
import { startMetricsServer } from '../../../../lib/core/server/metrics-server.js';
import { endOfTurn } from '../../../support/custom-metrics/end-of-turn.js';
import { ReusingRegistry } from '../../../support/custom-metrics/reusing-registry.js';
import { sampleValue } from '../../../support/parse-text.js';

const facts = { name: 'calls_total', help: 'Calls.' };

/** The text of one scrape of a server of a registry. */
async function serve(served: SharedRegistry, thread = true): Promise<string> {
  const server = await startMetricsServer({ registry: served, port: 0, thread });
  try {
    return await (await fetch(server.url)).text();
  } finally {
    await server.close();
  }
}

describe('CustomMetric', function () {
  this.timeout(30_000);

  afterEach(() => registry.removeSingleMetric(facts.name));

  for (const thread of [true, false]) {
    it(`is served from its own registry, by the ${thread ? 'scrape' : 'main'} thread`, async () => {
      const own = new SharedRegistry();
      const counter = new Counter({ ...facts, labelNames: ['node'], registers: [own] });
      counter.inc({ node: 'a' }, 2);
      own.setDefaultLabels({ zone: 'z' });
      counter.labels('b').inc(3);
      const text = await serve(own, thread);
      expect(sampleValue(text, 'calls_total', { node: 'a', zone: 'z' })).to.equal(2);
      expect(sampleValue(text, 'calls_total', { node: 'b', zone: 'z' })).to.equal(3);
      expect(own.foreignMetrics()).to.deep.equal([]);
      expect(registry.getSingleMetric('calls_total')).to.equal(undefined);
    });

    it(`is served from each of its registries, by the ${thread ? 'scrape' : 'main'} thread`, async () => {
      for (const registers of [
        [new SharedRegistry(), new SharedRegistry()],
        [new SharedRegistry(), registry],
        [registry, new SharedRegistry()],
      ]) {
        new Counter({ ...facts, registers }).inc(2);
        const texts = await Promise.all(registers.map((one) => serve(one, thread)));
        expect(texts.map((text) => sampleValue(text, 'calls_total'))).to.deep.equal([2, 2]);
        registry.removeSingleMetric('calls_total');
      }
    });
  }

  it('is served from a registry that it leaves, if it stays in another one', async () => {
    const [one, other] = [new SharedRegistry(), new SharedRegistry()];
    const counter = new Counter({ ...facts, registers: [one, other] });
    counter.inc(2);
    one.removeSingleMetric('calls_total');
    counter.inc();
    expect(sampleValue(await serve(other), 'calls_total')).to.equal(3);
    expect(sampleValue(await serve(one), 'calls_total')).to.equal(undefined);
  });

  it('is in the registry of TinyLLM by default, and `registers: []` makes it private', async () => {
    const counter = new Counter(facts);
    expect(registry.getSingleMetric('calls_total')).to.equal(counter);
    expect(counter.registers).to.deep.equal([registry]);
    const hidden = new Gauge({ name: 'hidden', help: 'Hidden.', registers: [] });
    hidden.set(3);
    expect((await hidden.get()).values).to.deep.equal([{ labels: {}, value: 3 }]);
    expect(registry.getSingleMetric('hidden')).to.equal(undefined);
  });

  it('keeps its values and bound series when it leaves a registry and joins another', async () => {
    const [one, other] = [new ReusingRegistry(), new ReusingRegistry()];
    const counter = new Counter({ ...facts, labelNames: ['node'], registers: [one.registry] });
    const bound = counter.labels('a');
    bound.inc(2);
    one.registry.clear();
    bound.inc(3);
    expect(one.samples).to.deep.equal({});
    expect((await counter.get()).values).to.deep.equal([{ labels: { node: 'a' }, value: 5 }]);
    other.registry.registerMetric(counter as never);
    bound.inc(4);
    expect(other.samples).to.deep.equal({ 'calls_total,node="a"': 9 });
  });

  it('can be registered repeatedly in one registry', () => {
    const own = new ReusingRegistry();
    const counter = new Counter({ ...facts, registers: [own.registry, own.registry] });
    own.registry.registerMetric(counter as never);
    counter.inc();
    expect(own.samples).to.deep.equal({ calls_total: 1 });
  });

  it('can be replaced by a metric with the same name and other labels, whose old series stay private', async () => {
    const own = new ReusingRegistry();
    const options = { ...facts, registers: [own.registry] };
    const first = new Counter({ ...options, labelNames: ['node'] });
    const bound = first.labels('a');
    bound.inc();
    own.registry.removeSingleMetric('calls_total');
    const second = new Gauge({ ...options, help: 'Other.', labelNames: ['zone', 'node'] });
    second.set({ zone: 'z' }, 7);
    bound.inc(4);
    expect(own.text).to.equal('# HELP calls_total Other.\n# TYPE calls_total gauge\ncalls_total{zone="z"} 7\n');
    expect((await first.get()).values[0]?.value).to.equal(5);
  });

  it('has default labels that are set before or after it', () => {
    const own = new ReusingRegistry();
    own.registry.setDefaultLabels({ zone: 'a' });
    new Counter({ ...facts, labelNames: ['node'], registers: [own.registry] }).inc({ node: 'x' });
    expect(own.samples).to.deep.equal({ 'calls_total,node="x",zone="a"': 1 });
    own.registry.setDefaultLabels({ zone: 'b', node: 'y' });
    expect(own.samples).to.deep.equal({ 'calls_total,node="x",zone="b"': 1 });
    own.registry.clear();
    new Counter({ ...facts, registers: [own.registry] });
    expect(own.samples).to.deep.equal({ calls_total: 0 });
  });

  it('is reset with its registry', async () => {
    const own = new ReusingRegistry();
    const registers = [own.registry];
    new Counter({ ...facts, registers }).inc(3);
    new Gauge({ name: 'level', help: 'Level.', labelNames: ['node'], registers }).set({ node: 'a' }, 3);
    own.registry.resetMetrics();
    await endOfTurn();
    expect(own.samples).to.deep.equal({ calls_total: 0 });
  });

  it('is in the text and JSON of its registry, and of a merged registry, as metrics of prom-client are', async () => {
    const own = new SharedRegistry();
    new Counter({ ...facts, labelNames: ['node'], registers: [own] }).inc({ node: 'a' }, 2);
    const line = 'calls_total{node="a"} 2';
    expect((await own.metrics()).split('\n')).to.include(line);
    expect((await Registry.merge([own, new Registry()]).metrics()).split('\n')).to.include(line);
    expect(await own.getMetricsAsJSON()).to.deep.equal([
      { ...facts, type: 'counter', aggregator: 'sum', values: [{ labels: { node: 'a' }, value: 2 }] },
    ]);
  });

  it('needs the thread of the application only while it has `collect`', () => {
    const own = new ReusingRegistry();
    const needsThread = () => {
      own.gatherer.families();
      return own.gatherer.hasForeign;
    };
    const gauge = new Gauge({ name: 'level', help: 'Level.', registers: [own.registry] });
    expect(needsThread()).to.equal(false);
    gauge.collect = () => gauge.inc();
    expect(needsThread()).to.equal(true);
    gauge.collect = undefined;
    expect(needsThread()).to.equal(false);
    gauge.collect = () => gauge.inc();
    own.registry.removeSingleMetric('level');
    expect(needsThread()).to.equal(false);
  });
});
