import { expect } from 'chai';
import fc from 'fast-check';
import {
  isLabelName,
  isMetricName,
  isUtf8Name,
  plainLabelName,
  plainMetricName,
  repairLabelName,
  repairMetricName,
} from '../../../lib/core/metrics/exposition-names.js';

describe('plainMetricName', () => {
  it('replaces each invalid character with _', () => {
    const names = ['http.requests', '1st', 'a:b', 'ä', '\u{1f600}', 'a"} 1\nb'];
    expect(names.map(plainMetricName)).to.deep.equal(['http_requests', '_st', 'a:b', '_', '_', 'a___1_b']);
  });

  it('returns undefined for an empty name', () => {
    expect(plainMetricName('')).to.equal(undefined);
  });

  it('returns a valid name for any text, and does not change a valid name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
        const repaired = plainMetricName(text) ?? '';
        expect(isMetricName(repaired)).to.equal(true);
        expect(plainMetricName(repaired)).to.equal(repaired);
      }),
    );
  });
});

describe('plainLabelName', () => {
  it('replaces each invalid character with _', () => {
    expect(['http.method', '1st', 'a:b'].map(plainLabelName)).to.deep.equal(['http_method', '_st', 'a_b']);
  });

  it('returns undefined for the label of the metric name, and for an empty name', () => {
    expect(['__name__', '.name..', '..name__', ''].map(plainLabelName)).to.deep.equal([
      ...[undefined, '_name__', undefined, undefined],
    ]);
    expect(isLabelName('__name__')).to.equal(false);
  });
});

describe('isUtf8Name', () => {
  it('is true for any text that Prometheus 3 accepts', () => {
    for (const name of ['a', 'http.requests', '1', ' ', 'é\u{1f600}', '"\n', '__name__']) {
      expect(isUtf8Name(name)).to.equal(true);
    }
    for (const name of ['', '\ud800', 'a\udc00', 'a\0']) expect(isUtf8Name(name)).to.equal(false);
  });
});

describe('repairMetricName', () => {
  it('only replaces lone surrogates and U+0000', () => {
    expect(['http.requests', 'a\0\ud800'].map(repairMetricName)).to.deep.equal(['http.requests', 'a\ufffd\ufffd']);
    expect(repairMetricName('')).to.equal(undefined);
  });
});

describe('repairLabelName', () => {
  it('is undefined for the label of the metric name', () => {
    expect(['__name__', '', 'a.b'].map(repairLabelName)).to.deep.equal([undefined, undefined, 'a.b']);
  });
});
