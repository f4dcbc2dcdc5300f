/** Emits pieces in order, although they are added in any order. A piece waits until all earlier ones were added. */
export class OrderedBuffer<Piece> {
  readonly #waiting = new Map<number, Piece>();
  readonly #emit: (piece: Piece) => void;
  #next = 1;

  constructor(emit: (piece: Piece) => void) {
    this.#emit = emit;
  }

  /** Adds a piece. Positions start at 1. */
  add(position: number, piece: Piece): void {
    this.#waiting.set(position, piece);
    for (;;) {
      const next = this.#waiting.get(this.#next);
      if (next === undefined) return;
      this.#waiting.delete(this.#next++);
      this.#emit(next);
    }
  }

  /** Emits all waiting pieces in order, although earlier ones are missing. */
  flush(): void {
    for (const [, piece] of [...this.#waiting].sort(([a], [b]) => a - b)) this.#emit(piece);
    this.#waiting.clear();
  }
}
