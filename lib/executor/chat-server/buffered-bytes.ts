/** A request or response that owns buffered bytes. */
export interface BufferOwner {
  readonly destroyed: boolean;
  destroy(): unknown;
  once(event: 'close', listener: () => void): unknown;
}

/**
 * Limits the memory that slow clients occupy with incomplete requests or unread responses.
 *
 * While the total exceeds the limit, it destroys the owner that has buffered bytes the longest. It never destroys the
 * owner that is adding bytes. An owner without bytes counts as new when it adds bytes again.
 */
export class BufferedBytes<Owner extends BufferOwner> {
  readonly #limit: number;
  /** Buffered bytes by owner. The owner that has buffered bytes the longest comes first. */
  readonly #bytes = new Map<Owner, number>();
  readonly #watched = new WeakSet<Owner>();
  #total = 0;

  /** @param limit Maximum total bytes of all owners. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Total bytes of all owners. */
  get total(): number {
    return this.#total;
  }

  /** Bytes of one owner. */
  of(owner: Owner): number {
    return this.#bytes.get(owner) ?? 0;
  }

  /** Adds bytes of an owner. They count until {@link remove} is called or the owner closes. */
  add(owner: Owner, bytes: number): void {
    if (owner.destroyed) return;
    if (!this.#watched.has(owner)) owner.once('close', () => this.remove(owner));
    this.#watched.add(owner);
    this.#bytes.set(owner, this.of(owner) + bytes);
    this.#total += bytes;
    for (const oldest of this.#bytes.keys()) {
      if (this.#total <= this.#limit || oldest === owner) break;
      this.remove(oldest);
      oldest.destroy();
    }
  }

  /** Subtracts bytes of an owner. The default is all of its bytes. */
  remove(owner: Owner, bytes = Number.POSITIVE_INFINITY): void {
    const current = this.of(owner);
    const removed = Math.min(current, bytes);
    this.#total -= removed;
    if (removed === current) this.#bytes.delete(owner);
    else this.#bytes.set(owner, current - removed);
  }
}
