import { expect } from 'chai';
import { Gauge, Registry } from 'prom-client';
import { catalog } from '../../../lib/core/catalog/catalog.js';
import { createInstruments } from '../../../lib/core/collector/instruments.js';
import { MetricClashError } from '../../../lib/core/errors/errors.js';
import { Meter } from '../../../lib/core/metrics/meter.js';

describe('createInstruments', () => {
  it('creates one registered instrument for each entry of the catalog, under its key', () => {
    const registry = new Registry();
    const instruments = createInstruments(new Meter(registry));
    expect(Object.keys(instruments)).to.deep.equal(Object.keys(catalog));
    for (const [key, { name, kind }] of Object.entries(catalog)) {
      const instrument = instruments[key as keyof typeof instruments];
      expect(instrument.descriptor).to.include({ name, kind });
      expect(registry.getSingleMetric(name)).to.equal(instrument);
    }
  });

  it('rejects a registry that contains one of the names, and registers nothing', () => {
    const registry = new Registry();
    const taken = new Gauge({ name: catalog.scrapeDuration.name, help: 'Theirs.', registers: [registry] });
    expect(() => createInstruments(new Meter(registry))).to.throw(MetricClashError, catalog.scrapeDuration.name);
    expect(registry.getMetricsAsArray()).to.deep.equal([taken]);
  });
});
