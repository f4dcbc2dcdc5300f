import { expect } from 'chai';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { renderText } from '../../lib/exposition/render.js';
import { Meter } from '../../lib/metrics/meter.js';
import { SharedRegistry } from '../../lib/metrics/shared-registry.js';
import { parseText, sampleValue } from '../support/parse-text.js';

describe('renderText', () => {
  let registry: SharedRegistry;

  beforeEach(() => {
    registry = new SharedRegistry();
    new Meter(registry).create({ name: 'calls_total', help: 'Calls.', kind: 'counter' }).series().inc(2);
  });

  it("renders our metrics and the application's, default labels on both", async () => {
    new Counter({ name: 'jobs_total', help: 'Jobs.', registers: [registry] }).inc(3);
    registry.setDefaultLabels({ zone: 'a' });
    const text = await renderText(registry);
    expect(sampleValue(text, 'calls_total', { zone: 'a' })).to.equal(2);
    expect(sampleValue(text, 'jobs_total', { zone: 'a' })).to.equal(3);
  });

  it('renders the others when one cannot be collected', async () => {
    const collect = () => Promise.reject(new Error('no'));
    new Gauge({ name: 'broken', help: 'Broken.', registers: [registry], collect });
    new Counter({ name: 'jobs_total', help: 'Jobs.', registers: [registry] }).inc(3);
    const text = await renderText(registry);
    expect(parseText(text).map(({ name }) => name)).to.deep.equal(['calls_total', 'jobs_total']);
    expect(text).to.include('# The metric broken could not be collected.\n');
  });

  it("renders prom-client's default metrics strictly well formed", async () => {
    collectDefaultMetrics({ register: registry });
    const text = await renderText(registry);
    expect(sampleValue(text, 'process_resident_memory_bytes')).to.be.above(0);
    expect(parseText(text)).to.have.length(registry.getMetricsAsArray().length);
  });

  it('stays in its own format, whatever the registry was scraped as before', async () => {
    new Counter({ name: 'jobs_total', help: 'Jobs.', registers: [registry] }).inc(3);
    const before = await renderText(registry);
    registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
    expect(await renderText(registry)).to.equal(before);
    expect(await registry.metrics()).to.include('# TYPE jobs counter\njobs_total 3\n');
    expect(await renderText(registry)).to.equal(before);
  });
});
