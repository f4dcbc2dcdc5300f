import { expect } from 'chai';
import fc from 'fast-check';
import { nativeCells } from '../../../../lib/core/server/page/native-cells.js';
import { nativeHistogramOf } from '../../../support/native-histogram-of.js';

describe('the cells of native histograms', () => {
  it('have a row for each native bucket', () => {
    expect(nativeCells([undefined, nativeHistogramOf([1, 2, 2], 0), nativeHistogramOf([8, 0, -1], 0)])).to.deep.equal({
      bounds: [0.5, 1, 2, 4, 8],
      columns: [null, [0, 1, 2, 0, 0], [2, 0, 0, 0, 1]],
    });
  });

  it('have the resolution of the coarsest histogram', () => {
    const { bounds, columns } = nativeCells([nativeHistogramOf([1.1, 1.9], 4), nativeHistogramOf([1.5], 0)]);
    expect(bounds).to.deep.equal([1, 2]);
    expect(columns).to.deep.equal([
      [0, 2],
      [0, 1],
    ]);
  });

  it('have at most 32 rows with positive numbers, and contain all observations', () => {
    const values = fc.array(fc.double({ min: 1e-6, max: 1e5, noNaN: true }), { maxLength: 30 });
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 4 }), (columns) => {
        const cells = nativeCells(columns.map((column) => nativeHistogramOf(column, 3)));
        expect(cells.bounds.length).to.be.within(1, 33);
        expect(cells.bounds).to.deep.equal([...new Set(cells.bounds)].sort((a, b) => a - b));
        columns.forEach((column, place) => {
          const inRow = (row: number) => (value: number) =>
            value <= cells.bounds[row]! && (row === 0 || value > cells.bounds[row - 1]!);
          const expected = cells.bounds.map((_, row) => column.filter(inRow(row)).length);
          expect(cells.columns[place]).to.deep.equal(expected);
        });
      }),
    );
  });

  it('have one row if all observations are 0', () => {
    expect(nativeCells([nativeHistogramOf([0, 0], 3)])).to.deep.equal({ bounds: [1e-6], columns: [[2]] });
    expect(nativeCells([nativeHistogramOf([], 3)])).to.deep.equal({ bounds: [1e-6], columns: [[0]] });
    expect(nativeCells([undefined])).to.deep.equal({ bounds: [], columns: [null] });
  });
});
