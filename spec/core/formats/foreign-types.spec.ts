import { expect } from 'chai';
import fc from 'fast-check';
import { typesWithoutClash } from '../../../lib/core/formats/foreign-types.js';
import { sampleNames } from '../../../lib/core/formats/sample-names.js';

describe('typesWithoutClash', () => {
  it('does not change metrics without a name clash', () => {
    const metrics = ['counter', 'gauge', 'histogram', 'summary'].map((type) => ({ name: `${type}_total`, type }));
    expect(typesWithoutClash(metrics)).to.deep.equal(metrics.map(({ type }) => type));
  });

  it('removes the type of a counter next to a metric with the name of its family, in either order', () => {
    const counter = { name: 'calls_total', type: 'counter' };
    const gauge = { name: 'calls', type: 'gauge' };
    expect(typesWithoutClash([counter, gauge])).to.deep.equal(['unknown', 'gauge']);
    expect(typesWithoutClash([gauge, counter])).to.deep.equal(['gauge', 'unknown']);
  });

  it("in the text format, allows a gauge with the name of a counter's family", () => {
    const counter = { name: 'calls_total', type: 'counter' };
    const gauge = { name: 'calls', type: 'gauge' };
    expect(typesWithoutClash([counter, gauge], { strict: false })).to.deep.equal(['counter', 'gauge']);
  });

  it("in the text format, omits a gauge with the name of another metric's sample", () => {
    const [histogram, count] = [
      { name: 'wait', type: 'histogram' },
      { name: 'wait_count', type: 'gauge' },
    ];
    expect(typesWithoutClash([histogram, count], { strict: false })).to.deep.equal(['histogram', undefined]);
  });

  it('gives priority to other metrics of the same scrape', () => {
    const reserved = [{ name: 'wait', type: 'histogram' }];
    const gauge = { name: 'wait_created', type: 'gauge' };
    expect(typesWithoutClash([gauge], { strict: true, reserved })).to.deep.equal([undefined]);
    expect(typesWithoutClash([gauge], { strict: false, reserved })).to.deep.equal(['gauge']);
  });

  it('allows a gauge with the family name of a counter, and then writes the counter without a type', () => {
    const reserved = [{ name: 'calls_total', type: 'counter' }];
    const metrics = [
      { name: 'calls', type: 'gauge' },
      { name: 'calls_total', type: 'gauge' },
    ];
    expect(typesWithoutClash(metrics, { strict: true, reserved })).to.deep.equal(['gauge', undefined]);
    const others = [{ name: 'calls', type: 'gauge' }];
    expect(typesWithoutClash(reserved, { strict: true, reserved: others })).to.deep.equal(['unknown']);
  });

  it('never gives two metrics the same name, for any metrics', () => {
    const name = fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom('', '_total', '_count', '_sum', '_created'));
    const type = fc.constantFrom('counter', 'gauge', 'histogram', 'summary');
    const metric = fc.record({ name: name.map((parts) => parts.join('')), type });
    fc.assert(
      fc.property(fc.uniqueArray(metric, { selector: (one) => one.name }), (metrics) => {
        const types = typesWithoutClash(metrics);
        const all = metrics.flatMap((one, index) => {
          const finalType = types[index];
          return finalType === undefined ? [] : sampleNames(one.name, finalType);
        });
        expect(new Set(all).size).to.equal(all.length);
        if (metrics.length > 0) expect(types.some((one) => one !== undefined)).to.equal(true);
      }),
    );
  });
});
