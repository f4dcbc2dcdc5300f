import { expect } from 'chai';
import fc from 'fast-check';
import {
  CELLS_PER_LABELLED_EXEMPLAR,
  type LabelledExemplar,
  LabelledExemplarSlot,
} from '../../../lib/core/metrics/labelled-exemplar.js';

const exemplar: LabelledExemplar = { labels: { id: 'a' }, value: 0.25, timestampSeconds: 1_764_000_000.125 };

function newSlot() {
  const bytes = (CELLS_PER_LABELLED_EXEMPLAR + 2) * Float64Array.BYTES_PER_ELEMENT;
  const page = new Float64Array(new SharedArrayBuffer(bytes));
  const slice = { page, offset: 1 };
  return { page, slot: new LabelledExemplarSlot(slice), reader: new LabelledExemplarSlot(slice) };
}

describe('LabelledExemplarSlot', () => {
  it('is empty at first, and after it was cleared', () => {
    const { slot, reader } = newSlot();
    expect(reader.read()).to.equal(undefined);
    slot.store(exemplar);
    slot.clear();
    expect(reader.read()).to.equal(undefined);
    slot.store(exemplar);
    expect(reader.read()).to.deep.equal(exemplar);
  });

  it('returns the latest exemplar to a reader of the same memory, and changes no other cell', () => {
    const anyExemplar = fc.record({
      labels: fc.dictionary(fc.constantFrom('a', 'trace_id', 'é'), fc.string({ unit: 'binary', maxLength: 30 })),
      value: fc.double({ noNaN: true }),
      timestampSeconds: fc.double({ min: 0, max: 1e11, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(anyExemplar), (stored) => {
        const { page, slot, reader } = newSlot();
        for (const one of stored) {
          slot.store(one);
          const { labels, ...rest } = one;
          expect(reader.read()).to.deep.equal({ labels: { ...labels }, ...rest });
        }
        expect([page[0], page.at(-1)]).to.deep.equal([0, 0]);
      }),
    );
  });

  it('is empty if the labels take more than 488 bytes as JSON', () => {
    const { slot, reader } = newSlot();
    const withLength = (length: number) => ({ ...exemplar, labels: { a: 'x'.repeat(length - '{"a":""}'.length) } });
    slot.store(withLength(488));
    expect(reader.read()).to.deep.equal(withLength(488));
    slot.store(withLength(489));
    expect(reader.read()).to.equal(undefined);
  });

  it('is not read while it is written, and is valid after the next write', () => {
    const { page, slot, reader } = newSlot();
    slot.store(exemplar);
    const [sequence] = [new Int32Array(page.buffer, page.byteOffset + Float64Array.BYTES_PER_ELEMENT, 1)];
    // A stack overflow interrupts a write.
    sequence[0]! += 1;
    expect(reader.read()).to.equal(undefined);
    slot.store({ ...exemplar, value: 2 });
    expect(reader.read()).to.deep.equal({ ...exemplar, value: 2 });
    expect(sequence[0]! % 2).to.equal(0);
  });
});
