import { expect } from 'chai';
import { Counter, Registry, register } from '../../../lib/prom-client/index.js';
import { errorOf, expectSame } from '../../support/prom-client-pair.js';

const foreign = (name: string, values: unknown = [{ value: 1, labels: { zone: 'a', id: 3 } }], type = 'gauge') => ({
  name,
  get: async () => ({ name, help: 'From elsewhere.', type, values }),
});

describe('a Registry', () => {
  it('renders metrics of other libraries as prom-client does', async () => {
    const texts = await expectSame(async ({ Registry, prometheusContentType, openMetricsContentType }) => {
      const registry = new Registry();
      registry.setDefaultLabels({ zone: 'default', host: 'h' });
      registry.registerMetric(foreign('first') as never);
      registry.registerMetric(foreign('second', [{ value: Number.NaN }, { value: Number.NEGATIVE_INFINITY }]) as never);
      const results: unknown[] = [];
      for (const type of [prometheusContentType, openMetricsContentType]) {
        registry.setContentType(type as never);
        results.push(await registry.metrics(), await registry.getSingleMetricAsString('first'));
        results.push(await registry.getMetricsAsJSON(), registry.contentType);
      }
      return results;
    });
    expect(texts).to.have.nested.property('[0]').that.includes('first{zone="a",id="3",host="h"} 1');
  });

  it('accepts default labels that are not texts, as prom-client does', async () => {
    const texts = await expectSame(async ({ Registry }) => {
      const registry = new Registry();
      registry.setDefaultLabels({ id: 5n, version: 2, isNew: true, none: null });
      registry.registerMetric(foreign('first', [{ value: 1, labels: {} }]) as never);
      return [await registry.metrics(), await registry.getMetricsAsJSON()];
    });
    expect(texts).to.have.nested.property('[0]').that.includes('first{id="5",version="2",isNew="true",none="null"} 1');
  });

  it('rejects if a metric fails, as prom-client does', async () => {
    const failing = { name: 'failing', get: () => Promise.reject(new Error('broken')) };
    for (const method of ['metrics', 'getMetricsAsJSON'] as const) {
      const message = await expectSame(({ Registry }) => {
        const registry = new Registry();
        registry.registerMetric(failing as never);
        return registry[method]();
      });
      expect(message).to.equal('Error: broken');
    }
  });

  it('renders counters in OpenMetrics as prom-client does, and keeps their names', async () => {
    await expectSame(async (client) => {
      const registry = new client.Registry();
      registry.setContentType(client.openMetricsContentType as never);
      const counter = new client.Counter({ name: 'own_total', help: 'Own.', registers: [registry] });
      counter.inc(3);
      return registry.metrics();
    });
    const registry = new Registry('application/openmetrics-text; version=1.0.0; charset=utf-8');
    const counter = new Counter({ name: 'own_total', help: 'Own.', registers: [registry] });
    await registry.metrics();
    expect((await counter.get()).name).to.equal('own_total');
    expect((await registry.getMetricsAsJSON())[0]).to.have.property('name', 'own_total');
  });

  it('merges registries', async () => {
    await expectSame(async ({ Registry, openMetricsContentType }) => {
      const [one, two, openMetrics] = [new Registry(), new Registry(), new Registry()];
      one.registerMetric(foreign('first') as never);
      two.registerMetric(foreign('second') as never);
      openMetrics.setContentType(openMetricsContentType as never);
      const merged = Registry.merge([one, two]);
      two.registerMetric(foreign('first') as never);
      return [
        merged instanceof Registry,
        await merged.metrics(),
        errorOf(() => Registry.merge([one, two])),
        errorOf(() => Registry.merge([one, openMetrics])),
      ];
    });
  });

  it('rejects unknown content types', async () => {
    const errors = await expectSame(({ Registry }) => [
      errorOf(() => new Registry().setContentType('text/html' as never)),
      errorOf(() => new (Registry as unknown as new (type: string) => unknown)('text/html')),
    ]);
    expect(errors).not.to.include(undefined);
  });

  it('has the default registry as globalRegistry', () => {
    expect(Registry.globalRegistry).to.equal(register);
  });

  it('is the registry of new metrics if it is assigned to globalRegistry, as in prom-client', async () => {
    await expectSame(async (client) => {
      const { globalRegistry } = client.Registry as unknown as { globalRegistry: Registry };
      const own = new client.Registry();
      Object.assign(client.Registry, { globalRegistry: own });
      try {
        new client.Counter({ name: 'own_total', help: 'Own.' }).inc(3);
        client.collectDefaultMetrics({ prefix: 'my_' });
        const names = (await own.getMetricsAsJSON()).map(({ name }) => name);
        return [names, client.register.getMetricsAsArray().length];
      } finally {
        Object.assign(client.Registry, { globalRegistry });
      }
    });
  });
});
