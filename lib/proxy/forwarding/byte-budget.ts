/** Overhead of a buffer in bytes. The budget includes it, because a client can send a body in chunks of one byte. */
const chunkOverhead = 256;

/** The memory of a chunk, including its overhead, in bytes. */
export function memoryOf(chunk: Uint8Array): number {
  return chunk.length + chunkOverhead;
}

/** A budget for the bytes that a proxy buffers for all exchanges. */
export class ByteBudget {
  #left: number;

  constructor(limit: number) {
    this.#left = limit;
  }

  /** Whether the budget is used up. */
  get isSpent(): boolean {
    return this.#left <= 0;
  }

  /** Reserves bytes of the budget. May exceed it. */
  reserve(bytes: number): void {
    this.#left -= bytes;
  }

  /** Returns bytes to the budget. */
  release(bytes: number): void {
    this.#left += bytes;
  }
}
