import { expect } from 'chai';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { ForeignRenders } from '../../../lib/core/server/foreign-renders.js';

describe('ForeignRenders', () => {
  let reads: number;
  let registry: SharedRegistry;

  const register = (name: string, value = () => 1) =>
    registry.registerMetric({
      name,
      help: name,
      type: 'gauge',
      get: () => {
        reads++;
        return { name, help: name, type: 'gauge', values: [{ value: value(), labels: {} }] };
      },
    } as never);

  beforeEach(() => {
    reads = 0;
    registry = new SharedRegistry();
  });

  it('reads each metric once for all waiting scrapes, independent of their format and filter', async () => {
    register('a');
    register('b');
    register('c');
    const renders = new ForeignRenders(registry);
    const texts = await Promise.all([
      renders.render({ format: 'text', names: ['a'] }),
      renders.render({ format: 'text', names: ['b'] }),
      renders.render({ format: 'openmetrics', names: ['a', 'b'] }),
      renders.render({ format: 'text', names: ['b'] }),
    ]);
    expect(reads).to.equal(2);
    const namesIn = (text: string) => [...text.matchAll(/^(\w+) 1$/gm)].map(([, name]) => name);
    expect(texts.map(namesIn)).to.deep.equal([['a'], ['b'], ['a', 'b'], ['b']]);
  });

  it('never uses a reading that began before the scrape', async () => {
    let level = 0;
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    register('level', () => level);
    registry.registerMetric({ name: 'slow', help: 'slow', type: 'gauge', get: () => held } as never);
    const renders = new ForeignRenders(registry);
    const first = renders.render({ format: 'text', names: ['level', 'slow'] });
    while (reads === 0) await new Promise((resolve) => setImmediate(resolve));
    level = 2;
    let delays = 0;
    const later = [1, 2, 3].map(() => renders.render({ format: 'text', names: ['level'] }, () => delays++));
    release();
    expect(await first).to.match(/^level 0$/m);
    for (const text of await Promise.all(later)) expect(text).to.match(/^level 2$/m);
    expect(reads).to.equal(2);
    expect(delays).to.be.at.least(3);
  });

  it('rejects all waiting scrapes if the registry fails, and serves the next one', async () => {
    register('a');
    const renders = new ForeignRenders(registry);
    const metrics = registry.foreignMetrics;
    registry.foreignMetrics = () => {
      throw new Error('broken');
    };
    expect(await renders.render({ format: 'text', names: [] }).catch(({ message }) => message)).to.equal('broken');
    registry.foreignMetrics = metrics;
    expect(await renders.render({ format: 'text', names: [] })).to.match(/^a 1$/m);
  });
});
