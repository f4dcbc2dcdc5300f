import { expect } from 'chai';
import fc from 'fast-check';
import { FreeCells } from '../../../lib/core/metrics/free-cells.js';

describe('FreeCells', () => {
  const page = new Float64Array(8);
  const slice = (offset: number) => ({ page, offset });

  it('returns the oldest cells of a count first, each once', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ adds: fc.boolean(), count: fc.constantFrom(1, 3) })), (steps) => {
        const free = new FreeCells(0);
        const model = new Map<number, number[]>([
          [1, []],
          [3, []],
        ]);
        steps.forEach(({ adds, count }, offset) => {
          if (adds) {
            free.add(count, slice(offset));
            model.get(count)!.push(offset);
          } else expect(free.take(count)?.offset).to.equal(model.get(count)!.shift());
        });
      }),
    );
  });

  it('returns no cells before the delay', () => {
    const free = new FreeCells(60_000);
    free.add(1, slice(1));
    expect(free.take(1)).to.equal(undefined);
  });

  it('copies the position, because a series changes its cells', () => {
    const free = new FreeCells(0);
    const given = slice(1);
    free.add(1, given);
    given.offset = 2;
    expect(free.take(1)).to.deep.equal(slice(1));
  });

  it('forgets all cells', () => {
    const free = new FreeCells(0);
    free.add(1, slice(1));
    free.add(2, slice(2));
    free.clear();
    expect([free.take(1), free.take(2)]).to.deep.equal([undefined, undefined]);
  });
});
