import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import fc from 'fast-check';
import { CELLS_PER_EXEMPLAR, ExemplarSlots, type StoredExemplar } from '../../../lib/core/metrics/exemplar-slots.js';

const exemplar: StoredExemplar = {
  value: 0.25,
  timestampSeconds: 1_764_000_000.125,
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
};

function newSlots(count = 3) {
  const page = new Float64Array(
    new SharedArrayBuffer((count + 1) * CELLS_PER_EXEMPLAR * Float64Array.BYTES_PER_ELEMENT),
  );
  const slice = { page, offset: 2 };
  return { slice, page, slots: new ExemplarSlots(slice, count) };
}

describe('ExemplarSlots', () => {
  it('is empty at first', () => {
    const { slots } = newSlots();
    expect([0, 1, 2].map((index) => slots.read(index))).to.deep.equal([undefined, undefined, undefined]);
  });

  it('returns the latest exemplar of each slot to a reader of the same memory, and changes no other cell', () => {
    const hex = (digits: number) =>
      fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: digits, maxLength: digits });
    const anyExemplar: fc.Arbitrary<StoredExemplar> = fc.record({
      value: fc.double({ noNaN: true }),
      timestampSeconds: fc.double({ min: 1, max: 1e11, noNaN: true }),
      traceId: hex(32),
      spanId: hex(16),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: 2 }), anyExemplar)), (stored) => {
        const { slice, page, slots } = newSlots();
        const reader = new ExemplarSlots(slice, 3);
        for (const [index, one] of stored) slots.store(index, one);
        for (const index of [0, 1, 2]) {
          expect(reader.read(index)).to.deep.equal(stored.findLast(([at]) => at === index)?.[1]);
        }
        expect([...page.subarray(0, 2), ...page.subarray(2 + 3 * CELLS_PER_EXEMPLAR)]).to.deep.equal(
          Array(CELLS_PER_EXEMPLAR).fill(0),
        );
      }),
    );
  });

  it('treats IDs in capital letters as the same IDs', () => {
    const { slots } = newSlots();
    slots.store(0, { ...exemplar, traceId: exemplar.traceId.toUpperCase() });
    expect(slots.read(0)).to.deep.equal(exemplar);
  });

  it('returns undefined for a slot that is being written, and the other exemplars', () => {
    const { slice, page, slots } = newSlots();
    slots.store(0, exemplar);
    slots.store(1, exemplar);
    const sequence = new Int32Array(page.buffer, slice.offset * Float64Array.BYTES_PER_ELEMENT, 1);
    Atomics.add(sequence, 0, 1);
    expect(slots.read(0)).to.equal(undefined);
    expect(slots.read(1)).to.deep.equal(exemplar);
    Atomics.add(sequence, 0, 1);
    expect(slots.read(0)).to.deep.equal(exemplar);
  });

  it('returns undefined for an exemplar without a time', () => {
    const { slots } = newSlots();
    slots.store(0, { ...exemplar, timestampSeconds: Number.NaN });
    expect(slots.read(0)).to.equal(undefined);
  });

  it('stores an exemplar after a write that was interrupted, for example by a stack overflow', () => {
    const { slots } = newSlots();
    slots.store(0, exemplar);
    const traceId = { charCodeAt: () => expect.fail('interrupted') } as unknown as string;
    expect(() => slots.store(0, { ...exemplar, traceId })).to.throw('interrupted');
    expect(slots.read(0)).to.equal(undefined);
    slots.store(0, exemplar);
    expect(slots.read(0)).to.deep.equal(exemplar);
  });

  it('can be cleared and filled again', () => {
    const { slots } = newSlots();
    slots.store(1, exemplar);
    slots.clear();
    expect(slots.read(1)).to.equal(undefined);
    slots.store(1, exemplar);
    expect(slots.read(1)).to.deep.equal(exemplar);
  });

  it('never mixes two exemplars, whatever another thread writes meanwhile', async function () {
    this.timeout(20_000);
    const { page, slots } = newSlots(1);
    const writer = new Worker(new URL('../../support/threads/storing-exemplars.js', import.meta.url), {
      workerData: page.buffer,
      execArgv: ['--import=./spec/support/register.js'],
    });
    await once(writer, 'message');
    const seen = new Set<string>();
    try {
      for (let reads = 0; reads < 50_000; reads++) {
        const read = slots.read(0);
        if (read === undefined) continue;
        const digit = read.traceId.charAt(0);
        const whole = { value: Number(digit), timestampSeconds: Number(digit) };
        expect(read).to.deep.equal({ ...whole, traceId: digit.repeat(32), spanId: digit.repeat(16) });
        seen.add(digit);
      }
    } finally {
      await writer.terminate();
    }
    expect(seen.size).to.be.greaterThan(0);
  });
});
