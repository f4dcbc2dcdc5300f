import { expect } from 'chai';
import { register as defaultRegistry, Registry } from 'prom-client';
import { registry, SharedRegistry } from '../../lib/metrics/shared-registry.js';

describe('SharedRegistry', () => {
  it('tells its default labels, until it is cleared', () => {
    const fresh = new SharedRegistry();
    expect(fresh.defaultLabels).to.deep.equal({});
    fresh.setDefaultLabels({ zone: 'a' });
    expect(fresh.defaultLabels).to.deep.equal({ zone: 'a' });
    fresh.clear();
    expect(fresh.defaultLabels).to.deep.equal({});
  });

  it('remembers the name a metric was registered under', () => {
    const fresh = new SharedRegistry();
    const metric = { name: 'jobs_total' };
    fresh.registerMetric(metric as never);
    metric.name = 'jobs';
    fresh.registerMetric(metric as never);
    expect(fresh.nameOf(metric)).to.equal('jobs_total');
    expect(fresh.nameOf({ name: 'unknown' })).to.equal('unknown');
  });
});

describe('registry', () => {
  it('is a prom-client registry, and not the default one', () => {
    expect(registry).to.be.instanceOf(Registry);
    expect(registry).to.not.equal(defaultRegistry);
  });

  it('is one however often the module is loaded', async () => {
    const again = '../../lib/metrics/shared-registry.js?again';
    const copy = (await import(again)) as { registry: SharedRegistry; SharedRegistry: typeof SharedRegistry };
    expect(copy.SharedRegistry).to.not.equal(SharedRegistry);
    expect(copy.registry).to.equal(registry);
  });
});
