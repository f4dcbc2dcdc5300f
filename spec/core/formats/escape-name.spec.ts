import { expect } from 'chai';
import fc from 'fast-check';
import { escapeLabelName, escapeMetricName } from '../../../lib/core/formats/escape-name.js';
import { isLabelName, isMetricName } from '../../../lib/core/metrics/exposition-names.js';

describe('escapeMetricName', () => {
  // The results are those of EscapeName of github.com/prometheus/common.
  const cases: readonly (readonly [name: string, underscores: string, dots: string, values: string])[] = [
    ['plain', 'plain', 'plain', 'plain'],
    ['with_some:colon', 'with_some:colon', 'with__some:colon', 'with_some:colon'],
    ['http.status_code', 'http_status_code', 'http_dot_status__code', 'U__http_2e_status__code'],
    ['1st', '_st', '__st', 'U___31_st'],
    ['a 1', 'a_1', 'a__1', 'U__a_20_1'],
    ['é😀', '__', '____', 'U___e9__1f600_'],
    ['a"b\n', 'a_b_', 'a__b__', 'U__a_22_b_a_'],
  ];
  for (const [name, underscores, dots, values] of cases) {
    it(`escapes ${JSON.stringify(name)} with each scheme`, () => {
      expect(escapeMetricName(name, 'allow-utf-8')).to.equal(name);
      expect(escapeMetricName(name, 'underscores')).to.equal(underscores);
      expect(escapeMetricName(name, 'dots')).to.equal(dots);
      expect(escapeMetricName(name, 'values')).to.equal(values);
    });
  }

  it('returns a plain name for any name', () => {
    const scheme = fc.constantFrom('underscores', 'dots', 'values');
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), scheme, (name, escaping) => {
        expect(isMetricName(escapeMetricName(name, escaping))).to.equal(true);
        expect(isLabelName(`x${escapeLabelName(name, escaping)}`)).to.equal(true);
      }),
    );
  });

  it('returns different names for different names with `values`, except for names that start with U__', () => {
    const name = fc.string({ minLength: 1, unit: fc.constantFrom('a', '_', '.', '1', 'é') });
    fc.assert(
      fc.property(name, name, (one, other) => {
        const isEqual = escapeMetricName(one, 'values') === escapeMetricName(other, 'values');
        expect(isEqual).to.equal(one === other);
      }),
    );
  });
});

describe('escapeLabelName', () => {
  it('also escapes a colon, which the name of a label cannot have', () => {
    expect(escapeLabelName('a:b', 'underscores')).to.equal('a_b');
    expect(escapeLabelName('a:b', 'dots')).to.equal('a__b');
    expect(escapeLabelName('a:b', 'values')).to.equal('U__a_3a_b');
    expect(escapeLabelName('a_b', 'values')).to.equal('a_b');
  });
});
