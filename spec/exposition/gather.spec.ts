import { expect } from 'chai';
import { Counter } from 'prom-client';
import { gather } from '../../lib/exposition/gather.js';
import { Meter } from '../../lib/metrics/meter.js';
import { SharedRegistry } from '../../lib/metrics/shared-registry.js';

describe('gather', () => {
  it('tells our metrics from those the application registered, each in the order they came', () => {
    const registry = new SharedRegistry();
    const meter = new Meter(registry);
    const first = meter.create({ name: 'first', help: 'First.', kind: 'gauge' });
    const theirs = new Counter({ name: 'jobs_total', help: 'Jobs.', registers: [registry] });
    const last = meter.create({ name: 'last', help: 'Last.', kind: 'gauge' });
    const { families, foreign } = gather(registry);
    expect(families).to.deep.equal([first, last]);
    expect(foreign).to.deep.equal([{ name: 'jobs_total', metric: theirs }]);
  });

  it('makes the series that waited for the first read', () => {
    const registry = new SharedRegistry();
    const gauge = new Meter(registry).create({ name: 'level', help: 'Level.', kind: 'gauge' });
    expect(gauge.allSeries).to.have.length(0);
    gather(registry);
    expect(gauge.allSeries).to.have.length(1);
  });

  it('finds nothing in an empty registry', () => {
    expect(gather(new SharedRegistry())).to.deep.equal({ families: [], foreign: [] });
  });
});
