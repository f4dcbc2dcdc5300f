/** A request or response of a connection. */
export interface Exchanged {
  readonly destroyed: boolean;
  destroy(): unknown;
  once(event: 'close', listener: () => void): unknown;
}

/**
 * Counts the bytes that requests or responses hold in memory because their clients are slow.
 *
 * When they exceed the limit together, the connection of the one that has held bytes for longest is closed, and then the
 * next. One that gives back all of its bytes counts as new when it holds more.
 */
export class BufferedBytes<Owner extends Exchanged> {
  readonly #most: number;
  /** The owner that has held bytes for longest comes first. */
  readonly #bytes = new Map<Owner, number>();
  readonly #watched = new WeakSet<Owner>();
  #total = 0;

  /** @param most Bytes of all owners together. */
  constructor(most: number) {
    this.#most = most;
  }

  /** The bytes of all owners. */
  get total(): number {
    return this.#total;
  }

  of(owner: Owner): number {
    return this.#bytes.get(owner) ?? 0;
  }

  /** Counts bytes until {@link remove} is called or the owner closes. */
  add(owner: Owner, bytes: number): void {
    if (owner.destroyed) return;
    if (!this.#watched.has(owner)) owner.once('close', () => this.remove(owner));
    this.#watched.add(owner);
    this.#bytes.set(owner, this.of(owner) + bytes);
    this.#total += bytes;
    for (const oldest of this.#bytes.keys()) {
      if (this.#total <= this.#most || oldest === owner) break;
      this.remove(oldest);
      oldest.destroy();
    }
  }

  /** Takes back bytes that were added; default all of them. */
  remove(owner: Owner, bytes = Number.POSITIVE_INFINITY): void {
    const held = this.of(owner);
    const taken = Math.min(held, bytes);
    this.#total -= taken;
    if (taken === held) this.#bytes.delete(owner);
    else this.#bytes.set(owner, held - taken);
  }
}
