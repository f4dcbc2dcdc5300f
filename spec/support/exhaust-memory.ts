import { FIRST_SERIES_CELL } from '../../lib/core/metrics/cells.js';
import { CELLS_PER_PAGE } from '../../lib/core/metrics/segment.js';
import type { SegmentChain } from '../../lib/core/metrics/segment-chain.js';

const { SharedArrayBuffer: Whole } = globalThis;

/** Lets the system reserve at most so many bytes of shared memory at a time. */
export function limitReservations(bytes: number): void {
  globalThis.SharedArrayBuffer = new Proxy(Whole, {
    construct: (target, [length, options]) => {
      if ((options?.maxByteLength ?? length) > bytes) throw new RangeError('Array buffer allocation failed');
      return new target(length, options);
    },
  });
}

/** Ends what `limitReservations` and `exhaust` did to the system. */
export function restoreMemory(): void {
  globalThis.SharedArrayBuffer = Whole;
}

/** Takes all cells of a chain, and lets the system reserve no more until `restoreMemory` is called. */
export function exhaust(memory: SegmentChain): void {
  limitReservations(-1);
  for (const count of [CELLS_PER_PAGE - FIRST_SERIES_CELL, 64, 1]) {
    while (memory.allocate(count, (cell) => ({ type: 'reset', metric: 0, cell })) !== undefined);
  }
}
