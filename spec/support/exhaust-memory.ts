import { FIRST_SERIES_CELL } from '../../lib/core/metrics/cells.js';
import { CELLS_PER_PAGE } from '../../lib/core/metrics/segment.js';
import type { SegmentChain } from '../../lib/core/metrics/segment-chain.js';

const { SharedArrayBuffer: OriginalBuffer } = globalThis;

/** Makes every reservation of more than `bytes` bytes of shared memory fail. */
export function limitReservations(bytes: number): void {
  globalThis.SharedArrayBuffer = new Proxy(OriginalBuffer, {
    construct: (target, [length, options]) => {
      if ((options?.maxByteLength ?? length) > bytes) throw new RangeError('Array buffer allocation failed');
      return new target(length, options);
    },
  });
}

/** Undoes `limitReservations` and `exhaust`. */
export function restoreMemory(): void {
  globalThis.SharedArrayBuffer = OriginalBuffer;
}

/** Allocates all cells of a chain, and makes further reservations fail until `restoreMemory` is called. */
export function exhaust(memory: SegmentChain): void {
  limitReservations(-1);
  for (const count of [CELLS_PER_PAGE - FIRST_SERIES_CELL, 64, 1]) {
    while (memory.allocate(count, (cell) => ({ type: 'reset', metric: 0, cell })) !== undefined);
  }
}
