import { expect } from 'chai';
import { type Registry, register } from '../../../lib/prom-client/index.js';
import { completeConfiguration, sortedLabelNames } from '../../../lib/prom-client/metrics/complete-configuration.js';

const about = { name: 'own_total', help: 'Own.' };

describe('completeConfiguration', () => {
  it('sets the registries only if there are none, and copies the configuration', () => {
    const registers: Registry[] = [];
    expect(completeConfiguration({ ...about, registers }).registers).to.equal(registers);
    expect(completeConfiguration({ ...about, registers: undefined })).to.have.deep.property('registers', [register]);
    expect(completeConfiguration('own' as never)).to.equal('own');
  });

  it('sets the limit of label sets if there is none, or if it is undefined', () => {
    for (const configuration of [about, { ...about, maxSeries: undefined }]) {
      expect(completeConfiguration(configuration)).to.have.property('maxSeries', 100_000);
    }
    expect(completeConfiguration({ ...about, maxSeries: 7 })).to.have.property('maxSeries', 7);
  });

  it('removes repeated label names', () => {
    expect(completeConfiguration({ ...about, labelNames: ['b', 'a', 'b'] }).labelNames).to.deep.equal(['b', 'a']);
    expect(completeConfiguration(about)).not.to.have.property('labelNames');
  });

  it('adds further options', () => {
    const completed = completeConfiguration({ ...about, buckets: [2] }, ({ buckets }) => ({
      buckets: [1, ...buckets],
    }));
    expect(completed.buckets).to.deep.equal([1, 2]);
  });
});

describe('sortedLabelNames', () => {
  it('sorts a copy of the label names', () => {
    const labelNames = ['b', 'a'];
    expect(sortedLabelNames({ labelNames })).to.deep.equal(['a', 'b']);
    expect(labelNames).to.deep.equal(['b', 'a']);
    expect(sortedLabelNames({})).to.deep.equal([]);
  });
});
