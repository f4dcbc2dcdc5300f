import { expect } from 'chai';
import fc from 'fast-check';
import { MAX_LABEL_VALUE_LENGTH, toLabelValue } from '../../../lib/core/metrics/label-value.js';

const codeUnit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
const anyText = fc.oneof(
  fc.string({ unit: codeUnit, maxLength: 600, size: 'max' }),
  fc.string({ unit: fc.constantFrom('\ud83d', '\ude00', 'a'), maxLength: 600, size: 'max' }),
);

describe('toLabelValue', () => {
  it('is well-formed, at most 256 code units, and idempotent', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const value = toLabelValue(text);
        expect(value.isWellFormed()).to.equal(true);
        expect(value.length).to.be.at.most(MAX_LABEL_VALUE_LENGTH);
        expect(toLabelValue(value)).to.equal(value);
      }),
    );
  });

  it('does not change a well-formed text of up to 256 code units', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 128, size: 'max' }), (text) => {
        expect(toLabelValue(text)).to.equal(text);
      }),
    );
    expect(toLabelValue('a'.repeat(256))).to.equal('a'.repeat(256));
  });

  it('truncates longer texts, but never divides a surrogate pair', () => {
    expect(toLabelValue('a'.repeat(257))).to.equal('a'.repeat(256));
    expect(toLabelValue(`${'a'.repeat(255)}\u{1f600}b`)).to.equal('a'.repeat(255));
    expect(toLabelValue(`${'a'.repeat(254)}\u{1f600}b`)).to.equal(`${'a'.repeat(254)}\u{1f600}`);
  });

  it('handles the surrogate pairs with the lowest and the highest code point', () => {
    for (const pair of ['\ud800\udc00', '\udbff\udfff']) {
      expect(toLabelValue(`${'a'.repeat(255)}${pair}`)).to.equal('a'.repeat(255));
    }
    for (const whole of ['\ud7ff', '\ue000']) {
      expect(toLabelValue(`${'a'.repeat(255)}${whole}b`)).to.equal(`${'a'.repeat(255)}${whole}`);
    }
  });

  it('replaces a lone surrogate with U+FFFD', () => {
    expect(toLabelValue(`${'a'.repeat(255)}\ud800`)).to.equal(`${'a'.repeat(255)}\ufffd`);
    expect(toLabelValue('a\ud800b')).to.equal('a\ufffdb');
    expect(toLabelValue(`${'a'.repeat(256)}\udc00`)).to.equal('a'.repeat(256));
  });

  it('converts anything to a text', () => {
    expect([0, -1.5, true, null, undefined, 12n].map(toLabelValue)).to.deep.equal([
      ...['0', '-1.5', 'true', 'null', 'undefined', '12'],
    ]);
  });
});
