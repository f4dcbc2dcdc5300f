import { PushRefused } from '../pushes/push-refused.js';
import type { StateChange } from '../sums/state-change.js';
import { stepLines } from './state-lines.js';

interface Pending {
  readonly change: StateChange;
  /** The lines of the change. */
  readonly payload: Buffer;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** A batch takes no more changes once it has this size. */
const BATCH_BYTES = 8 * 1024 ** 2;
/** Maximum bytes of changes that wait for the disk. A single change may be larger. */
const MAX_PENDING_BYTES = 64 * 1024 ** 2;
/** Approximate memory of a change, without its lines. */
const CHANGE_BYTES = 2_048;

/** Changes in memory that are not on disk yet, oldest first. */
export class PendingChanges {
  #pending: Pending[] = [];
  #bytes = 0;

  constructor(private readonly maxBytes = MAX_PENDING_BYTES) {}

  get isEmpty(): boolean {
    return this.#pending.length === 0;
  }

  /**
   * Adds a change that was just made in memory. Resolves when it is on disk, and rejects after it was undone.
   *
   * @throws {PushRefused} with status 503 if too many bytes are waiting. The change is then undone.
   */
  add(change: StateChange): Promise<void> {
    const payload = payloadOf(change);
    const bytes = this.#bytes + payload.length + CHANGE_BYTES;
    if (bytes > this.maxBytes && !this.isEmpty) {
      change.undo();
      change.end();
      const problem = `${this.#bytes} bytes of pushes are waiting for the disk; the limit is ${this.maxBytes}.`;
      return Promise.reject(new PushRefused(503, `${problem} Push again later.`));
    }
    this.#bytes = bytes;
    return new Promise((resolve, reject) => {
      this.#pending.push({ change, payload, resolve, reject });
    });
  }

  /** The lines and the number of the oldest changes, or of all changes. */
  batch({ isAll = false } = {}): { readonly payload: Buffer; readonly count: number } {
    const parts: Buffer[] = [];
    let bytes = 0;
    for (const { payload } of this.#pending) {
      if (!isAll && bytes >= BATCH_BYTES) break;
      parts.push(payload);
      bytes += payload.length;
    }
    return { payload: Buffer.concat(parts), count: parts.length };
  }

  /** Reports that the oldest changes are on disk. */
  settle(count: number): void {
    for (const { change, payload, resolve } of this.#pending.splice(0, count)) {
      this.#bytes -= payload.length + CHANGE_BYTES;
      change.end();
      resolve();
    }
  }

  /** Undoes all changes, and rejects their promises. */
  fail(error: Error): void {
    const failed = this.#pending;
    this.#pending = [];
    this.#bytes = 0;
    for (const { change } of [...failed].reverse()) {
      change.undo();
      change.end();
    }
    for (const { reject } of failed) reject(error);
  }

  /** Undoes all changes while the synchronous function `read` runs. So `read` sees only the state that is on disk. */
  without<T>(read: () => T): T {
    const changes = this.#pending.map(({ change }) => change);
    for (const change of [...changes].reverse()) change.undo();
    try {
      return read();
    } finally {
      for (const change of changes) change.redo();
    }
  }
}

/** Serializes a change. Must run immediately, because later changes modify its series in place. */
function payloadOf(change: StateChange): Buffer {
  const parts: string[] = [];
  for (const step of change.steps) for (const line of stepLines(step)) parts.push(line, '\n');
  change.steps.length = 0;
  return Buffer.from(parts.join(''));
}
