import { expect } from 'chai';
import fc from 'fast-check';
import { histogramText, withHistogramTexts } from '../../../lib/monitoring/dashboards/histogram-texts.js';

/** A copy of a template with the texts for one kind of histograms. */
function chosen(template: unknown, histograms: 'classic' | 'native'): unknown {
  return JSON.parse(JSON.stringify({ template }, (_key, value) => histogramText(value, histograms))).template;
}

describe('withHistogramTexts', () => {
  it('keeps equal values, and combines different texts', () => {
    const classic = { title: 'Latency', targets: [{ expr: 'a_bucket', id: 1 }, null] };
    const native = { title: 'Latency', targets: [{ expr: 'a', id: 1 }, null] };
    const template = withHistogramTexts(classic, native);
    expect(template).to.deep.equal({
      title: 'Latency',
      targets: [{ expr: { '<tinyllm:classic>': 'a_bucket', '<tinyllm:native>': 'a' }, id: 1 }, null],
    });
    expect(chosen(template, 'classic')).to.deep.equal(classic);
    expect(chosen(template, 'native')).to.deep.equal(native);
  });

  it('rejects differences other than texts', () => {
    const differences = [
      [1, 2],
      ['1', 1],
      [{ a: 1 }, { b: 1 }],
      [[1], [1, 2]],
      [null, {}],
      [true, undefined],
    ];
    for (const [classic, native] of differences) {
      expect(() => withHistogramTexts(classic, native)).to.throw(TypeError, 'must differ only in texts; got');
    }
  });

  it('restores both values of any JSON value', () => {
    const property = fc.property(fc.jsonValue(), fc.string(), (value, suffix) => {
      const other = JSON.parse(
        JSON.stringify(value, (_key, one) => (typeof one === 'string' ? `${one}${suffix}` : one)),
      );
      const original = JSON.parse(JSON.stringify(value));
      const template = withHistogramTexts(original, other);
      expect(chosen(template, 'classic')).to.deep.equal(original);
      expect(chosen(template, 'native')).to.deep.equal(other);
    });
    fc.assert(property);
  });
});
