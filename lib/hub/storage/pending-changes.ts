import { PushRefused } from '../pushes/push-refused.js';
import type { StateChange } from '../sums/state-change.js';
import { stepLines } from './state-lines.js';

interface Pending {
  readonly change: StateChange;
  /** Its lines. */
  readonly payload: Buffer;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Bytes of a batch, unless its first change is larger. */
const BATCH_BYTES = 8 * 1024 ** 2;
/** Bytes of changes that wait for the disk, unless there is only one. */
const MOST_BYTES = 64 * 1024 ** 2;
/** Bytes of a change besides its lines, roughly. */
const CHANGE_BYTES = 2_048;

/** Changes that were made in memory and are not on disk yet, the oldest first. */
export class PendingChanges {
  #pending: Pending[] = [];
  #bytes = 0;

  constructor(private readonly mostBytes = MOST_BYTES) {}

  get isEmpty(): boolean {
    return this.#pending.length === 0;
  }

  /**
   * Adds a change that has just been made. Resolves once it is on disk; rejects once it has been taken back.
   *
   * @throws {PushRefused} with status 503 if too many bytes wait already. Then the change has been taken back.
   */
  add(change: StateChange): Promise<void> {
    const payload = payloadOf(change);
    const bytes = this.#bytes + payload.length + CHANGE_BYTES;
    if (bytes > this.mostBytes && !this.isEmpty) {
      change.undo();
      change.end();
      const problem = `${this.#bytes} bytes of pushes wait for the disk; at most ${this.mostBytes} may wait.`;
      return Promise.reject(new PushRefused(503, `${problem} Push again later.`));
    }
    this.#bytes = bytes;
    return new Promise((resolve, reject) => {
      this.#pending.push({ change, payload, resolve, reject });
    });
  }

  /** The lines of the oldest changes, or of all of them, and their number. */
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

  /** The oldest changes are on disk. */
  settle(count: number): void {
    for (const { change, payload, resolve } of this.#pending.splice(0, count)) {
      this.#bytes -= payload.length + CHANGE_BYTES;
      change.end();
      resolve();
    }
  }

  /** Takes all changes back. */
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

  /** Reads what is on disk: all changes are taken back during a synchronous function. */
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

/** Made at once: later changes replace series of this one in place. */
function payloadOf(change: StateChange): Buffer {
  const parts: string[] = [];
  for (const step of change.steps) for (const line of stepLines(step)) parts.push(line, '\n');
  change.steps.length = 0;
  return Buffer.from(parts.join(''));
}
