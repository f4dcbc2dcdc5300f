import { expect } from 'chai';
import fc from 'fast-check';
import {
  isLabelName,
  isMetricName,
  repairLabelName,
  repairMetricName,
} from '../../../lib/core/metrics/exposition-names.js';

describe('repairMetricName', () => {
  it('replaces each invalid character with _', () => {
    const names = ['http.requests', '1st', 'a:b', 'ä', '\u{1f600}', 'a"} 1\nb'];
    expect(names.map(repairMetricName)).to.deep.equal(['http_requests', '_st', 'a:b', '_', '_', 'a___1_b']);
  });

  it('returns undefined for an empty name', () => {
    expect(repairMetricName('')).to.equal(undefined);
  });

  it('returns a valid name for any text, and does not change a valid name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
        const repaired = repairMetricName(text) ?? '';
        expect(isMetricName(repaired)).to.equal(true);
        expect(repairMetricName(repaired)).to.equal(repaired);
      }),
    );
  });
});

describe('repairLabelName', () => {
  it('replaces each invalid character with _', () => {
    expect(['http.method', '1st', 'a:b'].map(repairLabelName)).to.deep.equal(['http_method', '_st', 'a_b']);
  });

  it('returns undefined for the label of the metric name, and for an empty name', () => {
    expect(['__name__', '.name..', '..name__', ''].map(repairLabelName)).to.deep.equal([
      ...[undefined, '_name__', undefined, undefined],
    ]);
    expect(isLabelName('__name__')).to.equal(false);
  });
});
