import { expect } from 'chai';
import { DefaultMetrics } from '../../../lib/prom-client/default-metrics/default-metrics.js';
import { addHandles, addRequests, addResources } from '../../../lib/prom-client/default-metrics/node-metrics.js';
import { Registry } from '../../../lib/prom-client/index.js';

describe('addHandles, addRequests and addResources', () => {
  const internals = process as unknown as Record<string, unknown>;
  const originals = new Map<string, unknown>();
  const replace = (name: string, value: unknown): void => {
    if (!originals.has(name)) originals.set(name, internals[name]);
    internals[name] = value;
  };
  afterEach(() => {
    for (const [name, value] of originals) internals[name] = value;
    originals.clear();
  });

  it('count the objects of each type, and keep types without objects at 0', async () => {
    const registry = new Registry();
    addResources(new DefaultMetrics({ register: registry as never, labels: { zone: 'a' } }));
    const gauge = registry.getSingleMetric('nodejs_active_resources');
    const read = async (...types: readonly string[]) => {
      replace('getActiveResourcesInfo', () => types);
      return (await gauge?.get())?.values.map(({ labels, value }) => ({ ...labels, value }));
    };
    expect(await read('Timeout', 'TCP', 'Timeout')).to.deep.equal([
      { type: 'Timeout', zone: 'a', value: 2 },
      { type: 'TCP', zone: 'a', value: 1 },
    ]);
    const timeout = { type: 'Timeout', zone: 'a', value: 0 };
    expect(await read('TCP')).to.deep.equal([timeout, { type: 'TCP', zone: 'a', value: 1 }]);
    expect(await read()).to.deep.equal([timeout, { type: 'TCP', zone: 'a', value: 0 }]);
  });

  it('count the last type if a label of the options replaces the type, as prom-client does', async () => {
    const registry = new Registry();
    addResources(new DefaultMetrics({ register: registry as never, labels: { type: 'all' } }));
    for (const types of [['Timeout', 'TCP', 'TCP'], ['Timeout']]) {
      replace('getActiveResourcesInfo', () => types);
      const values = (await registry.getSingleMetric('nodejs_active_resources')?.get())?.values;
      expect(values).to.deep.equal([{ labels: { type: 'all' }, value: types.at(-1) === 'TCP' ? 2 : 1 }]);
    }
  });

  it('count objects by class name, without values that have no class', async () => {
    const registry = new Registry();
    replace('_getActiveHandles', () => [new Map(), new Map(), null, Object.create(null), new Set()]);
    addHandles(new DefaultMetrics({ register: registry as never }));
    const values = (await registry.getSingleMetric('nodejs_active_handles')?.get())?.values;
    expect(values?.map(({ labels, value }) => [labels.type, value])).to.deep.equal([
      ['Map', 2],
      ['Set', 1],
    ]);
  });

  it('add nothing if Node has no such function', () => {
    const registry = new Registry();
    replace('_getActiveHandles', undefined);
    replace('_getActiveRequests', undefined);
    const metrics = new DefaultMetrics({ register: registry as never });
    addHandles(metrics);
    addRequests(metrics);
    expect(registry.getMetricsAsArray()).to.deep.equal([]);
  });
});
