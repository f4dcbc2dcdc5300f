import { expect } from 'chai';
import { registry } from '../../../lib/core/index.js';
import { Counter, Registry, register } from '../../../lib/prom-client/index.js';
import { errorOf, expectSame } from '../../support/prom-client-pair.js';

const about = { name: 'lookups_total', help: 'Index lookups.', labelNames: ['index', 'outcome'] };

describe('a Counter', () => {
  afterEach(() => register.clear());

  it('is registered in the default registry and in the shared one, unless it has other registries', () => {
    const counter = new Counter(about);
    expect(register.getSingleMetric(about.name)).to.equal(counter);
    expect(registry.getSingleMetric(about.name)).to.equal(counter);
    const own = new Registry();
    new Counter({ ...about, name: 'own_total', registers: [own] });
    expect(register.getSingleMetric('own_total')).to.equal(undefined);
    expect(registry.getSingleMetric('own_total')).to.equal(undefined);
    expect(own.getSingleMetric('own_total')).not.to.equal(undefined);
  });

  it("has prom-client's values", async () => {
    const read = await expectSame(async ({ Counter, register }) => {
      const counter = new Counter(about);
      counter.inc({ index: 'docs', outcome: 'hit' }, 2.5);
      counter.inc({ index: 'docs' });
      counter.inc({ index: 7 }, 0);
      counter.labels('docs', 'hit').inc();
      counter.labels({ outcome: 'miss' }).inc(3);
      const all = await counter.get();
      counter.remove('docs', 'hit');
      counter.remove({ outcome: 'miss' });
      return [all, await register.metrics(), await register.getMetricsAsJSON()];
    });
    expect(read).to.have.nested.property('[0].values[0].value', 3.5);
  });

  it('accepts repeated label names, as prom-client does', async () => {
    await expectSame(async ({ Counter, register }) => {
      const counter = new Counter({ ...about, labelNames: ['outcome', 'index', 'outcome'] });
      counter.inc({ index: 'docs', outcome: 'hit' });
      counter.labels({ outcome: 'miss' }).inc(2);
      return [(counter as unknown as { sortedLabelNames: unknown[] }).sortedLabelNames[0], await register.metrics()];
    });
  });

  it('has an initial value without labels, which reset restores', async () => {
    await expectSame(async ({ Counter }) => {
      const counter = new Counter({ name: 'a', help: 'a' });
      // prom-client changes the values that it returned.
      const read = async () => (await counter.get()).values.map((one) => ({ ...one }));
      const states = [await read()];
      counter.inc(4);
      states.push(await read());
      counter.reset();
      return [...states, await read()];
    });
  });

  it("throws prom-client's errors", async () => {
    const errors = await expectSame(({ Counter }) => {
      const counter = new Counter(about);
      return [
        ...[undefined, { help: 'a' }, { name: 'a' }, { name: 'a b', help: 'a' }].map((one) =>
          errorOf(() => new Counter(one as typeof about)),
        ),
        errorOf(() => new Counter(about)),
        errorOf(() => new Counter({ ...about, name: 'a', enableExemplars: true })),
        errorOf(() => counter.inc(-1)),
        errorOf(() => counter.inc(Number.POSITIVE_INFINITY)),
        errorOf(() => counter.inc('3' as never)),
        errorOf(() => counter.inc({ other: 1 } as never)),
        errorOf(() => counter.labels('docs')),
        errorOf(() => counter.remove('docs')),
      ];
    });
    expect((errors as unknown[]).filter((one) => one === undefined)).to.have.length.of.at.most(1);
  });
});
