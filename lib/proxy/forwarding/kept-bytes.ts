/** Memory of a buffer besides its bytes. A client can send a body in pieces of one byte. */
const bytesPerPiece = 256;

/** How much memory a piece of a body takes, in bytes. */
export function memoryOf(piece: Uint8Array): number {
  return piece.length + bytesPerPiece;
}

/** How many bytes of bodies a proxy keeps, all exchanges together. */
export class KeptBytes {
  #left: number;

  constructor(most: number) {
    this.#left = most;
  }

  get isSpent(): boolean {
    return this.#left <= 0;
  }

  take(bytes: number): void {
    this.#left -= bytes;
  }

  give(bytes: number): void {
    this.#left += bytes;
  }
}
