import { readFile, rm, stat, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createLock } from './lock-storage.js';

/**
 * A lock on a file. It is held until it is released or its process ends.
 *
 * If the process stalls for longer than the stale time, a process in another container or on another host can take over
 * the lock.
 */
export interface FileLock {
  /**
   * Whether this process still holds the lock. Check it before each write, because a stalled process can lose the lock.
   *
   * The check also refreshes the lock. A lost lock stays lost. Never rejects. A lock that can't be read counts as held.
   */
  isHeld(): Promise<boolean>;
  /**
   * Removes the lock, unless another process has taken it over. Repeated calls have no effect.
   *
   * Never rejects. If the lock can't be removed, for example in a read-only folder, this process can still lock the
   * file again. Other processes of this host can lock the file after this process has ended. Processes in other
   * containers or on other hosts can lock the file after the stale time.
   */
  release(): Promise<void>;
}

/** The times of a lock. */
export interface LockTimes {
  readonly heartbeatMilliseconds: number;
  readonly staleMilliseconds: number;
}

const SHARED = Symbol.for('tinyllm.file-locks');
const globals = globalThis as { [SHARED]?: Set<string> };
globals[SHARED] ??= new Set();
/** The paths of the locks of this process, shared by all copies of the package. A process can lock a file only once. */
export const heldLocks: Set<string> = globals[SHARED];

/** The marks of released locks that could not be removed. */
export const abandonedMarks = new Set<string>();

/**
 * The maximum number of attempts to recreate a deleted lock file.
 *
 * An attempt fails if a lock file already exists, but is missing when it is read. This happens if another process
 * renames the lock file in between, to take over the lock.
 */
const creationAttempts = 3;

/** A lock that this process has created. Its path is in `heldLocks` until it is lost or released. */
export class HeldLock implements FileLock {
  readonly #lock: string;
  readonly #mark: string;
  readonly #stale: number;
  readonly #heartbeat: NodeJS.Timeout;
  /**
   * The last operation on the lock file.
   *
   * Operations run in sequence, so a check can't recreate a lock during release.
   */
  #last: Promise<unknown> = Promise.resolve();
  #refreshed = timeNow();
  #isLost = false;
  #released: Promise<void> | undefined;

  constructor(lock: string, mark: string, { heartbeatMilliseconds, staleMilliseconds }: LockTimes) {
    this.#lock = lock;
    this.#mark = mark;
    this.#stale = staleMilliseconds;
    this.#heartbeat = setInterval(() => void this.isHeld(), heartbeatMilliseconds).unref();
  }

  isHeld(): Promise<boolean> {
    return this.#afterLast(() => this.#check());
  }

  release(): Promise<void> {
    clearInterval(this.#heartbeat);
    this.#released ??= this.#afterLast(() => this.#remove());
    return this.#released;
  }

  #afterLast<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #check(): Promise<boolean> {
    if (this.#isLost || this.#released !== undefined) return false;
    const hasStalled = millisecondsSince(this.#refreshed) >= this.#stale;
    const now = timeNow();
    const isRefreshed = await this.#refresh();
    const found = await this.#read();
    if (found === this.#mark) {
      if (isRefreshed) this.#refreshed = now;
      return true;
    }
    if (found === 'unreadable') return true;
    // After a stall, another process can have taken over the lock and released it.
    if (found === undefined && !hasStalled && (await this.#createAgain())) return true;
    this.#isLost = true;
    clearInterval(this.#heartbeat);
    heldLocks.delete(this.#lock);
    return false;
  }

  /**
   * Updates the modification time of the lock file. Call this before reading the lock file.
   *
   * A process that takes over the lock renames the lock file first. If the process then finds a new modification time,
   * it restores the lock file.
   */
  async #refresh(): Promise<boolean> {
    const now = new Date();
    return utimes(this.#lock, now, now).then(
      () => true,
      () => false,
    );
  }

  /** The mark in the lock; `undefined` if the lock is missing but its folder exists. */
  async #read(): Promise<string | 'unreadable' | undefined> {
    try {
      return await readFile(this.#lock, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return 'unreadable';
      return stat(dirname(this.#lock)).then(
        () => undefined,
        () => 'unreadable',
      );
    }
  }

  async #createAgain(): Promise<boolean> {
    for (let attempt = 0; attempt < creationAttempts; attempt++) {
      if (await createLock(this.#lock, this.#mark).catch(() => true)) return true;
      const found = await this.#read();
      if (found !== undefined) return found === this.#mark;
    }
    return false;
  }

  async #remove(): Promise<void> {
    if (this.#isLost) return;
    await this.#refresh();
    const found = await this.#read();
    const isRemoved =
      found === this.#mark &&
      (await rm(this.#lock, { force: true }).then(
        () => true,
        () => false,
      ));
    if (!isRemoved) abandonedMarks.add(this.#mark);
    heldLocks.delete(this.#lock);
  }
}

/** A time by two clocks. The monotonic clock stops during sleep on some systems, and the wall clock can be changed. */
interface Time {
  readonly monotonic: number;
  readonly wall: number;
}

function timeNow(): Time {
  return { monotonic: performance.now(), wall: Date.now() };
}

function millisecondsSince({ monotonic, wall }: Time): number {
  return Math.max(performance.now() - monotonic, Date.now() - wall);
}
