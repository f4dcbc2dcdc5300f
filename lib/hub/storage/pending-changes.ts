import type { StateChange } from '../sums/state-change.js';
import { stepLines } from './state-lines.js';

interface Pending {
  readonly change: StateChange;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Bytes of a batch, unless its first change is larger. */
const BATCH_BYTES = 8_388_608;

/** Changes that were made in memory and are not on disk yet, the oldest first. */
export class PendingChanges {
  #pending: Pending[] = [];

  get isEmpty(): boolean {
    return this.#pending.length === 0;
  }

  /** Adds a change that has just been made. Resolves once it is on disk; rejects once it has been taken back. */
  add(change: StateChange): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ change, resolve, reject });
    });
  }

  /** The lines of the oldest changes, or of all of them, and their number. */
  batch({ isAll = false } = {}): { readonly payload: Buffer; readonly count: number } {
    const parts: Buffer[] = [];
    let bytes = 0;
    let count = 0;
    for (const { change } of this.#pending) {
      if (!isAll && bytes >= BATCH_BYTES) break;
      for (const step of change.steps) {
        for (const line of stepLines(step)) {
          const part = Buffer.from(`${line}\n`);
          parts.push(part);
          bytes += part.length;
        }
      }
      count += 1;
    }
    return { payload: Buffer.concat(parts), count };
  }

  /** The oldest changes are on disk. */
  settle(count: number): void {
    for (const { change, resolve } of this.#pending.splice(0, count)) {
      change.end();
      resolve();
    }
  }

  /** Takes all changes back. */
  fail(error: Error): void {
    const failed = this.#pending;
    this.#pending = [];
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
