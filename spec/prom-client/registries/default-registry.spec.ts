import { expect } from 'chai';
import { getMetricsCollector, registry } from '../../../lib/core/index.js';
import { Counter, Gauge, type Registry, register } from '../../../lib/prom-client/index.js';
import { sampleValue } from '../../support/parse-text.js';

const about = { name: 'own_total', help: 'Own.' };
const catalogName = 'tinyllm_requests_total';

describe('the default registry', () => {
  afterEach(() => register.clear());

  it('contains only what was registered in it, and the shared registry contains it too', async () => {
    getMetricsCollector().incrementRequestCount({ model: 'default-registry' });
    new Counter(about).inc(2);
    expect(await register.metrics()).to.equal('# HELP own_total Own.\n# TYPE own_total counter\nown_total 2\n');
    const shared = await registry.metrics();
    expect(sampleValue(shared, 'own_total')).to.equal(2);
    expect(shared).to.include(catalogName);
  });

  it('rejects the names of its metrics and of the catalog, and registers a metric twice without effect', () => {
    const counter = new Counter(about);
    register.registerMetric(counter);
    for (const name of ['own_total', catalogName]) {
      const message = `A metric with the name ${name} has already been registered.`;
      expect(() => new Counter({ ...about, name })).to.throw(message);
    }
    expect(register.getMetricsAsArray()).to.deep.equal([counter]);
    expect(register.getSingleMetric(catalogName)).to.equal(undefined);
  });

  it('removes metrics from both registries', async () => {
    const [one, two] = [new Counter(about), new Gauge({ ...about, name: 'own_level' })];
    const before = registry.getMetricsAsArray().length;
    register.removeSingleMetric('own_total');
    expect(registry.getSingleMetric('own_total')).to.equal(undefined);
    expect(register.getMetricsAsArray()).to.deep.equal([two]);
    register.registerMetric(one);
    register.clear();
    expect(registry.getMetricsAsArray()).to.have.length(before - 2);
    expect(await register.getMetricsAsJSON()).to.deep.equal([]);
    new Counter(about).inc(5);
    expect(sampleValue(await registry.metrics(), 'own_total')).to.equal(5);
  });

  it('leaves a metric in the shared registry that only has the same name', () => {
    const counter = new Counter(about);
    registry.removeSingleMetric('own_total');
    const other = new Counter({ ...about, registers: [registry as never] });
    register.removeSingleMetric('own_total');
    expect(registry.getSingleMetric('own_total')).to.equal(other).and.not.to.equal(counter);
    registry.removeSingleMetric('own_total');
  });

  it('applies its default labels to both registries until it is cleared', async () => {
    new Counter(about).inc();
    register.setDefaultLabels({ zone: 'a' });
    for (const one of [register, registry]) {
      expect(sampleValue(await one.metrics(), 'own_total', { zone: 'a' })).to.equal(1);
    }
    register.clear();
    expect(registry.defaultLabels).to.deep.equal({});
    registry.setDefaultLabels({ zone: 'b' });
    register.clear();
    expect(registry.defaultLabels).to.deep.equal({ zone: 'b' });
    registry.setDefaultLabels({});
  });

  it('replaces metrics of the default registry of another copy of the package', async () => {
    const other = new (register.constructor as new () => Registry)();
    new Counter({ ...about, registers: [other] }).inc(3);
    new Counter(about).inc(4);
    expect(sampleValue(await other.metrics(), 'own_total')).to.equal(3);
    expect(sampleValue(await registry.metrics(), 'own_total')).to.equal(4);
    other.clear();
    expect(sampleValue(await registry.metrics(), 'own_total')).to.equal(4);
  });

  for (const remove of ['clear', 'removeSingleMetric'] as const) {
    it(`restores the metric of another copy after ${remove}`, async () => {
      const other = new (register.constructor as new () => Registry)();
      const displaced = new Counter({ ...about, registers: [other] });
      displaced.inc(3);
      new Counter(about).inc(4);
      register[remove]('own_total');
      expect(sampleValue(await registry.metrics(), 'own_total')).to.equal(3);
      displaced.inc(2);
      expect(sampleValue(await registry.metrics(), 'own_total')).to.equal(5);
      other.clear();
      expect(registry.getSingleMetric('own_total')).to.equal(undefined);
    });
  }

  it('leaves a metric in the shared registry that another copy also contains', () => {
    const other = new (register.constructor as new () => Registry)();
    const counter = new Counter({ ...about, registers: [other, register] });
    register.clear();
    expect(registry.getSingleMetric('own_total')).to.equal(counter);
    other.clear();
    expect(registry.getSingleMetric('own_total')).to.equal(undefined);
  });

  it('leaves the default labels of another copy', () => {
    const other = new (register.constructor as new () => Registry)();
    register.setDefaultLabels({ zone: 'a' });
    other.setDefaultLabels({ zone: 'b' });
    register.clear();
    expect(registry.defaultLabels).to.deep.equal({ zone: 'b' });
    other.clear();
    expect(registry.defaultLabels).to.deep.equal({});
  });

  it('moves the series of a removed metric once', () => {
    const { memory } = register as unknown as { readonly memory: { forCustomMetrics(): unknown } };
    const { forCustomMetrics } = memory;
    let moves = 0;
    memory.forCustomMetrics = () => {
      moves++;
      return forCustomMetrics.call(memory);
    };
    try {
      for (const remove of ['clear', 'removeSingleMetric'] as const) {
        new Counter(about).inc();
        register[remove]('own_total');
      }
    } finally {
      memory.forCustomMetrics = forCustomMetrics;
    }
    expect(moves).to.equal(0);
  });

  it('converts default labels to texts in the shared registry', async () => {
    new Counter(about).inc();
    register.setDefaultLabels({ id: 5n, isNew: true });
    expect(sampleValue(await registry.metrics(), 'own_total', { id: '5', isNew: 'true' })).to.equal(1);
  });

  it('sets all values to zero without changing the catalog', async () => {
    getMetricsCollector().incrementRequestCount({ model: 'kept' });
    const kept = async () => sampleValue(await registry.metrics(), catalogName, { model: 'kept' });
    const before = await kept();
    new Counter(about).inc();
    register.resetMetrics();
    expect(sampleValue(await registry.metrics(), 'own_total')).to.equal(0);
    expect(await kept()).to.equal(before);
  });
});
