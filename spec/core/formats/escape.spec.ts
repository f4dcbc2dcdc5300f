import { expect } from 'chai';
import fc from 'fast-check';
import {
  escapeHelp,
  escapeLabelValue,
  formatCanonical,
  formatLabels,
  formatValue,
} from '../../../lib/core/formats/escape.js';
import { parseText } from '../../support/parse-text.js';

const anyText = fc.oneof(
  fc.string({ unit: fc.constantFrom('\\', '"', '\n', 'n', '\r', '\u2028', '{', '}', ' ', '#') }),
  fc.string({ unit: 'binary' }),
);
const anyDouble = fc.oneof(
  fc.double(),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, Number.MAX_VALUE, 5e-324),
);

describe('escapeLabelValue', () => {
  it('escapes only the backslash, the quote and the line feed', () => {
    expect(escapeLabelValue('a\\b"c\nd\re\tf')).to.equal('a\\\\b\\"c\\nd\re\tf');
  });

  it('can be parsed to the same text, for any text', () => {
    fc.assert(
      fc.property(anyText, (value) => {
        const [family] = parseText(`# TYPE a gauge\na{b="${escapeLabelValue(value)}"} 1\n`);
        expect(family?.samples[0]?.labels).to.deep.equal({ b: value });
      }),
    );
  });
});

describe('escapeHelp', () => {
  it('escapes the backslash and the line feed, but not quotes', () => {
    expect(escapeHelp('a\\b"c\nd')).to.equal('a\\\\b"c\\nd');
  });

  it('can be parsed to the same text, for any text', () => {
    fc.assert(
      fc.property(anyText, (help) => {
        expect(parseText(`# HELP a ${escapeHelp(help)}\n`)[0]?.help).to.equal(help);
      }),
    );
  });
});

describe('formatValue', () => {
  it('formats NaN and infinities as the format requires', () => {
    const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    expect(special.map(formatValue)).to.deep.equal(['NaN', '+Inf', '-Inf']);
    expect([0, 1, -2.5, 1e21, 1e-7].map(formatValue)).to.deep.equal(['0', '1', '-2.5', '1e+21', '1e-7']);
  });

  it('can be parsed to the same number, for any double', () => {
    fc.assert(
      fc.property(anyDouble, (value) => {
        const read = parseText(`# TYPE a gauge\na ${formatValue(value)}\n`)[0]?.samples[0]?.value;
        expect(Object.is(read, value) || read === value).to.equal(true);
      }),
    );
  });
});

describe('formatCanonical', () => {
  it('formats the numbers of the specification as in the specification', () => {
    const spelled = '0.0 0.001 0.002 0.01 0.1 0.9 0.95 0.99 0.999 1.0 1.7 10.0';
    const powers = '1e-10 1e-09 1e-05 0.0001 0.1 1.0 100000.0 1e+06 1e+10 1e+23 1.1e+23 +Inf';
    for (const text of `${spelled} ${powers}`.split(' ')) {
      expect(formatCanonical(text === '+Inf' ? Number.POSITIVE_INFINITY : Number(text))).to.equal(text);
    }
    expect([65_536, 1_048_576, 0.000_05, -2, -1e-7].map(formatCanonical)).to.deep.equal([
      ...['65536.0', '1.048576e+06', '5e-05', '-2.0', '-1e-07'],
    ]);
  });

  it('can be parsed to the same number, for any double', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Number(formatCanonical(value))).to.equal(value + 0);
      }),
    );
  });
});

describe('formatLabels', () => {
  it('escapes values and keeps the order', () => {
    expect(formatLabels({ b: 'x"', a: 7 })).to.equal('b="x\\"",a="7"');
    expect(formatLabels({})).to.equal('');
  });
});
