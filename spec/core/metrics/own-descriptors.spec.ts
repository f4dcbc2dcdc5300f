import { expect } from 'chai';
import { Counter as PromClientCounter } from 'prom-client';
import { Counter } from '../../../lib/core/metrics/custom/counter.js';
import { Meter } from '../../../lib/core/metrics/meter.js';
import { ownDescriptors, recordedDescriptors } from '../../../lib/core/metrics/own-descriptors.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';

describe('ownDescriptors', () => {
  it('contains the metrics of the registry in shared memory, and recordedDescriptors those with series', () => {
    const [own, first] = [new SharedRegistry(), new SharedRegistry()];
    const meter = new Meter(own);
    const options = { help: 'Help.', labelNames: ['node'], registers: [own] };
    meter.create({ name: 'instrument_total', kind: 'counter', help: 'Help.', labels: ['node'] }).series('a');
    meter.create({ name: 'unused_total', kind: 'counter', help: 'Help.', labels: ['node'] });
    const custom = new Counter({ ...options, name: 'custom_total' });
    new PromClientCounter({ ...options, name: 'foreign_total' });
    new Counter({ ...options, name: 'elsewhere_total', registers: [first, own] });
    const names = (descriptors: readonly { readonly name: string }[]) => descriptors.map(({ name }) => name);
    const all = ['instrument_total', 'unused_total', 'custom_total', 'elsewhere_total'];
    expect(names(ownDescriptors(own))).to.deep.equal(all);
    expect(names(recordedDescriptors(own))).to.deep.equal(['instrument_total']);
    custom.inc({ node: 'a' });
    expect(names(recordedDescriptors(own))).to.deep.equal(['instrument_total', 'custom_total']);
    expect(own.foreignMetrics().map(({ name }) => name)).to.deep.equal(['foreign_total']);
  });
});
