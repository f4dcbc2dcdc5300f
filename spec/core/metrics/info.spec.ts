import { expect } from 'chai';
import { Registry } from 'prom-client';
import { Meter } from '../../../lib/core/metrics/meter.js';
import { parseText, sampleValue } from '../../support/parse-text.js';

describe('Info', () => {
  it('exposes its facts as labels with the value 1, before and after a reset', async () => {
    const registry = new Registry();
    const info = new Meter(registry).create({ name: 'build_info', help: 'Build.', kind: 'info', labels: ['version'] });
    info.series('1.2').show();
    expect(sampleValue(await registry.metrics(), 'build_info', { version: '1.2' })).to.equal(1);
    registry.resetMetrics();
    expect(sampleValue(await registry.metrics(), 'build_info', { version: '1.2' })).to.equal(1);
  });

  it('is a gauge in the text format', async () => {
    const registry = new Registry();
    new Meter(registry).create({ name: 'build_info', help: 'Build.', kind: 'info', labels: ['version'] });
    expect(parseText(await registry.metrics())).to.deep.equal([
      { name: 'build_info', help: 'Build.', type: 'gauge', samples: [] },
    ]);
  });
});
