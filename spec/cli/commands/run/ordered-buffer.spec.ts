import { expect } from 'chai';
import fc from 'fast-check';
import { OrderedBuffer } from '../../../../cli/commands/run/ordered-buffer.js';

describe('OrderedBuffer', () => {
  it('emits pieces in order, although they are added in any order', () => {
    const places = fc.nat(30).chain((length) => {
      const all = Array.from({ length }, (_, place) => place + 1);
      return fc.shuffledSubarray(all, { minLength: length });
    });
    fc.assert(
      fc.property(places, (order) => {
        const out: number[] = [];
        const ordered = new OrderedBuffer<number>((piece) => out.push(piece));
        for (const place of order) ordered.add(place, place);
        expect(out).to.deep.equal([...order].sort((a, b) => a - b));
      }),
    );
  });

  it('emits pieces after a gap when it is flushed', () => {
    const out: string[] = [];
    const ordered = new OrderedBuffer<string>((piece) => out.push(piece));
    ordered.add(4, 'd');
    ordered.add(2, 'b');
    expect(out).to.deep.equal([]);
    ordered.flush();
    expect(out).to.deep.equal(['b', 'd']);
  });
});
