import type { CellSlice } from './cells.js';

/**
 * Adds to a cell of a slice, counted from its first, that several threads write.
 *
 * Atomics know no doubles: the cell is exchanged as the 64-bit integer of the same bits, again until no other thread
 * was between reading and writing. A cell of one writer is added to without this, and faster.
 */
export function addAtomically({ page, offset }: CellSlice, index: number, amount: number): void {
  const start = page.byteOffset + (offset + index) * Float64Array.BYTES_PER_ELEMENT;
  const bits = new BigInt64Array(page.buffer, start, 1);
  const sum = new Float64Array(1);
  const sumBits = new BigInt64Array(sum.buffer);
  let before: bigint;
  do {
    before = Atomics.load(bits, 0);
    sumBits[0] = before;
    sum[0]! += amount;
  } while (Atomics.compareExchange(bits, 0, before, sumBits[0]) !== before);
}
