/** Hands on in order what comes in any order, each piece as soon as all before it have come. */
export class InOrder<Piece> {
  readonly #waiting = new Map<number, Piece>();
  readonly #handOn: (piece: Piece) => void;
  #next = 1;

  constructor(handOn: (piece: Piece) => void) {
    this.#handOn = handOn;
  }

  /** Takes a piece; the first one's place is 1. */
  add(place: number, piece: Piece): void {
    this.#waiting.set(place, piece);
    for (;;) {
      const next = this.#waiting.get(this.#next);
      if (next === undefined) return;
      this.#waiting.delete(this.#next++);
      this.#handOn(next);
    }
  }

  /** Hands on what still waits, past the gaps. */
  flush(): void {
    for (const [, piece] of [...this.#waiting].sort(([a], [b]) => a - b)) this.#handOn(piece);
    this.#waiting.clear();
  }
}
