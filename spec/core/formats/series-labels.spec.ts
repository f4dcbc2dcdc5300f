import { expect } from 'chai';
import type { Family } from '../../../lib/core/formats/family.js';
import { seriesLabels } from '../../../lib/core/formats/series-labels.js';

describe('seriesLabels', () => {
  const familyOf = (labels: readonly string[], ...labelTexts: readonly string[]): Family => ({
    descriptor: { name: 'a', help: 'A.', kind: 'gauge', unit: undefined, labels, buckets: [], aggregation: 'sum' },
    series: labelTexts.map((labelText) => ({ labelText, createdSeconds: 0, cell: () => 0 })),
  });
  const labelsIn = (family: Family, escaping: Parameters<typeof seriesLabels>[1]) => {
    const labelsOf = seriesLabels(family, escaping);
    return [...family.series].map(({ labelText }) => labelsOf(labelText));
  };

  it('changes nothing with allow-utf-8, and no plain names with other schemes', () => {
    const texts = ['"a.b"="1",c="2"', 'a="x,\\"y"'];
    expect(labelsIn(familyOf([], ...texts), 'allow-utf-8')).to.deep.equal(texts);
    expect(labelsIn(familyOf(['a'], texts[1]!), 'underscores')).to.deep.equal([texts[1]]);
  });

  it('escapes names, also those of labels that are not declared', () => {
    expect(labelsIn(familyOf(['a.b'], '"a.b"="1",c_d="\\"2\\n"'), 'dots')).to.deep.equal([
      'a_dot_b="1",c__d="\\"2\\n"',
    ]);
    expect(labelsIn(familyOf(['c'], 'c=",\\"",zone="1,"', 'c="1","d e"="2"'), 'values')).to.deep.equal([
      'c=",\\"",zone="1,"',
      'c="1",U__d_20_e="2"',
    ]);
  });

  it('omits a series whose labels are equal to those of an earlier one', () => {
    const family = familyOf([], 'a_b="1",c=""', '"a.b"="1"', '"a.b"="2"');
    expect(labelsIn(family, 'underscores')).to.deep.equal(['a_b="1",c=""', undefined, 'a_b="2"']);
  });

  it('omits a series with two equal names, or with the reserved name __name__', () => {
    const family = familyOf(['a.b', 'a-b'], '"a.b"="1","a-b"="2"', '"._name__"="1"');
    expect(labelsIn(family, 'underscores')).to.deep.equal([undefined, undefined]);
  });
});
