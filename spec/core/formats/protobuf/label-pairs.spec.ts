import { expect } from 'chai';
import type { Family } from '../../../../lib/core/formats/family.js';
import type { Escaping } from '../../../../lib/core/formats/format.js';
import { writeProtobuf } from '../../../../lib/core/formats/protobuf/write-protobuf.js';
import { familyOfModel, type ModelFamily } from '../../../support/any-family.js';
import { readFamilies } from '../../../support/protobuf-reader.js';

describe('LabelPairs', () => {
  it('writes names that are not plain unchanged if the client allows it', () => {
    expect(labelsOf(model(['a.b', 'c'], [['1', '2']]), 'allow-utf-8')).to.deep.equal([
      [
        ['a.b', '1'],
        ['c', '2'],
      ],
    ]);
  });

  it('escapes the names of labels and default labels', () => {
    const family = model(['a.b', 'c'], [['1', '2']], { 'd.e': '3' });
    const [first] = labelsOf(family, 'underscores');
    expect(first).to.deep.equal([
      ['a_b', '1'],
      ['c', '2'],
      ['d_e', '3'],
    ]);
    expect(labelsOf(family, 'values')[0]?.[0]).to.deep.equal(['U__a_2e_b', '1']);
    expect(labelsOf(family, 'dots')[0]?.[0]).to.deep.equal(['a_dot_b', '1']);
  });

  it('omits series whose labels are equal after their names were escaped', () => {
    for (const isLogged of [false, true]) {
      const family = model(
        ['a.b', 'a_b'],
        [
          ['1', ABSENT],
          [ABSENT, '1'],
          [ABSENT, '2'],
          ['1', '2'],
        ],
      );
      expect(labelsOf(family, 'underscores', isLogged)).to.deep.equal([[['a_b', '1']], [['a_b', '2']]]);
      expect(labelsOf(family, 'allow-utf-8', isLogged)).to.have.length(4);
    }
  });

  it('reads names in quotes from a label text', () => {
    const { descriptor } = familyOfModel(model([], []), { isLogged: false });
    const series = [{ labelText: '"a.\\"b"="x\\n\\"\\\\",c="2"', createdSeconds: 0, cell: () => 1 }];
    const family: Family = { descriptor, series };
    expect(written(family, 'allow-utf-8')).to.deep.equal([
      [
        ['a."b', 'x\n"\\'],
        ['c', '2'],
      ],
    ]);
    expect(written(family, 'underscores')).to.deep.equal([
      [
        ['a__b', 'x\n"\\'],
        ['c', '2'],
      ],
    ]);
  });

  it('uses the default label if a series does not have the label', () => {
    const family = model(
      ['a', 'b'],
      [
        [ABSENT, '1'],
        ['2', '3'],
      ],
      { a: 'default', c: '4' },
    );
    expect(labelsOf(family, 'allow-utf-8')).to.deep.equal([
      [
        ['a', 'default'],
        ['b', '1'],
        ['c', '4'],
      ],
      [
        ['a', '2'],
        ['b', '3'],
        ['c', '4'],
      ],
    ]);
  });

  it('writes lengths of more than one byte', () => {
    for (const length of [100, 115, 116, 117, 118, 119, 120, 125, 126, 127, 128, 129, 16_380, 16_400]) {
      const values = ['x'.repeat(length), 'y'.repeat(length)];
      const [labels] = labelsOf(model(['first', 'second'], [values]), 'allow-utf-8');
      expect(labels, String(length)).to.deep.equal([
        ['first', values[0]],
        ['second', values[1]],
      ]);
    }
  });
});

const ABSENT = '\ud800';

function model(
  labels: readonly string[],
  values: readonly (readonly string[])[],
  defaultLabels: Readonly<Record<string, string>> = {},
): ModelFamily {
  const series = values.map((labelValues) => ({
    ...{ labelValues, cells: [1], createdSeconds: 1, exemplars: new Map(), native: undefined },
  }));
  const descriptor = { name: 'depth', help: '', kind: 'gauge', unit: undefined, labels, buckets: [] } as const;
  return { descriptor: { ...descriptor, aggregation: 'sum' }, defaultLabels, series };
}

function labelsOf(family: ModelFamily, escaping: Escaping, isLogged = true) {
  return written(familyOfModel(family, { isLogged }), escaping);
}

function written(family: Family, escaping: Escaping) {
  const pieces = writeProtobuf([family], { escaping, rest: new Uint8Array(0) });
  const bytes = Buffer.concat(Array.from(pieces, (piece) => Buffer.from(piece)));
  return readFamilies(bytes).flatMap(({ metrics }) => metrics.map(({ labels }) => labels));
}
