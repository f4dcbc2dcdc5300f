import { expect } from 'chai';
import { LabelLayout } from '../../../lib/core/metrics/label-layout.js';

describe('LabelLayout', () => {
  const unused = () => {
    throw new Error('The values of the additional labels were given.');
  };

  it('appends the values of additional labels to those of declared labels', () => {
    const layout = new LabelLayout(['model', 'graph'], ['tenant'], []);
    expect(layout.valuesOf(['m', 'g'], () => ['acme'])).to.deep.equal(['m', 'g', 'acme']);
    expect(layout.valuesOf(['m', 'g', 'globex'], unused)).to.deep.equal(['m', 'g', 'globex']);
  });

  it('omits the values of dropped labels, whether they are declared or additional', () => {
    const layout = new LabelLayout(['model', 'graph'], ['tenant', 'team'], ['model', 'tenant']);
    expect(layout.valuesOf(['m', 'g'], () => ['acme', 'red'])).to.deep.equal(['g', 'red']);
    expect(layout.valuesOf(['m', 'g', 'acme', 'red'], unused)).to.deep.equal(['g', 'red']);
  });

  it('returns undefined for any other number of values', () => {
    const layout = new LabelLayout(['model', 'graph'], ['tenant', 'team'], []);
    for (const values of [[], ['m'], ['m', 'g', 'acme'], ['m', 'g', 'acme', 'red', 'x']]) {
      expect(
        layout.valuesOf(values, () => ['acme', 'red']),
        String(values),
      ).to.equal(undefined);
    }
  });

  it('can drop all labels', () => {
    expect(new LabelLayout(['model'], [], ['model']).valuesOf(['m'], () => [])).to.deep.equal([]);
  });
});
