import { randomUUID } from 'node:crypto';
import { type FileHandle, link, open, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ownerId, ownerMark, ownerState } from './lock-owner.js';

/** A lock on a file, held until it is released, its process ends, or its process stalls for longer than the stale time. */
export interface FileLock {
  /** Whether this process still holds the lock. Check it before each write, because a stalled process can lose the lock. */
  isHeld(): Promise<boolean>;
  /** Removes the lock, unless another process has taken it over. */
  release(): Promise<void>;
}

/** Why a file cannot be locked. */
export interface FileInUse {
  /** The ID of the process that holds the lock. */
  readonly heldBy: string;
  /** Whether that process is in another container or on another host. */
  readonly isElsewhere: boolean;
  /** The lock file. */
  readonly lock: string;
}

/** How a lock is held. Processes that lock the same file need the same times. */
export interface FileLockOptions {
  /** How often the holder updates the lock's modification time, in milliseconds; default 2,000. */
  readonly heartbeatMilliseconds?: number;
  /** How long a lock from elsewhere must stay unchanged before it is taken over, in milliseconds; default 10,000. */
  readonly staleMilliseconds?: number;
  /** The scope of process IDs; default this process's. */
  readonly scope?: string;
}

/** A lock file's content and modification time. */
interface LockState {
  readonly mark: string;
  readonly modified: number;
}

/** Error codes of `link` on file systems without hard links. */
const withoutLinks = new Set<string | undefined>(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP']);

const SHARED = Symbol.for('tinyllm.file-locks');
const globals = globalThis as { [SHARED]?: Set<string> };
globals[SHARED] ??= new Set();
/** The locks of this process, of every copy of the package: a process can lock a file only once. */
const held: Set<string> = globals[SHARED];

/**
 * Locks a file with `FILE.lock`, which names the process.
 *
 * A lock whose process has ended is taken over at once. A process in another container or on another host can't be
 * checked. Its lock is observed: it is in use if its modification time changes, and taken over if it does not change for
 * the stale time. No clocks are compared. Rejects with the error of the file system.
 */
export async function lockFile(file: string, options: FileLockOptions = {}): Promise<FileLock | FileInUse> {
  const { heartbeatMilliseconds = 2_000, staleMilliseconds = 10_000, scope } = options;
  const lock = `${file}.lock`;
  for (;;) {
    const mark = ownerMark(scope);
    if (await create(lock, mark)) return new HeldLock(lock, mark, heartbeatMilliseconds);
    const state = await stateOf(lock);
    if (state === undefined) continue;
    const owner = ownerState(state.mark, scope);
    const inUse = { heldBy: ownerId(state.mark), isElsewhere: owner === 'elsewhere', lock };
    if (held.has(lock) || owner === 'running') return inUse;
    if (owner === 'elsewhere' && (await changesWithin(staleMilliseconds, lock, state))) return inUse;
    await takeAway(lock, state);
  }
}

class HeldLock implements FileLock {
  readonly #heartbeat: NodeJS.Timeout;
  /** The operations on the lock file, one after the other: a check must not create it again while it is released. */
  #last: Promise<unknown> = Promise.resolve();
  #released: Promise<void> | undefined;

  constructor(
    private readonly lock: string,
    private readonly mark: string,
    heartbeatMilliseconds: number,
  ) {
    held.add(lock);
    this.#heartbeat = setInterval(() => void this.#beat(), heartbeatMilliseconds).unref();
  }

  isHeld(): Promise<boolean> {
    return this.#afterLast(() => this.#check());
  }

  release(): Promise<void> {
    clearInterval(this.#heartbeat);
    this.#released ??= this.#afterLast(async () => {
      const isOurs = (await readFile(this.lock, 'utf8').catch(() => '')) === this.mark;
      held.delete(this.lock);
      if (isOurs) await rm(this.lock, { force: true });
    });
    return this.#released;
  }

  #afterLast<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #check(): Promise<boolean> {
    if (this.#released !== undefined) return false;
    const found = await readFile(this.lock, 'utf8').catch((error: NodeJS.ErrnoException) => error);
    if (typeof found === 'string') return found === this.mark;
    // If somebody has deleted it, it is created again. Other errors say nothing about the owner.
    return found.code === 'ENOENT' ? create(this.lock, this.mark).catch(() => true) : true;
  }

  async #beat(): Promise<void> {
    const now = new Date();
    if (await this.isHeld()) await utimes(this.lock, now, now).catch(() => undefined);
    else clearInterval(this.#heartbeat);
  }
}

/** Creates the lock with its content, because an empty lock would look like that of a process that has ended. */
async function create(lock: string, mark: string): Promise<boolean> {
  const written = `${lock}.${randomUUID()}`;
  try {
    await writeFile(written, mark, { flag: 'wx', mode: 0o600 });
    await link(written, lock).catch((error: NodeJS.ErrnoException) => {
      // Without hard links, the content is written a moment after the file is created.
      if (!withoutLinks.has(error.code)) throw error;
      return writeFile(lock, mark, { flag: 'wx', mode: 0o600 });
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(written, { force: true });
  }
}

/** Undefined if the lock does not exist. It is opened, because NFS can return outdated times for a file that is not. */
async function stateOf(lock: string): Promise<LockState | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(lock, 'r');
    return { modified: (await handle.stat()).mtimeMs, mark: await handle.readFile('utf8') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  } finally {
    await handle?.close();
  }
}

/** Resolves to whether the lock changes, as soon as it does. A lock that disappears does not count. */
async function changesWithin(milliseconds: number, lock: string, before: LockState): Promise<boolean> {
  const started = performance.now();
  while (performance.now() - started < milliseconds) {
    await sleep(Math.min(100, milliseconds));
    const now = await stateOf(lock);
    if (now === undefined || now.mark !== before.mark || now.modified !== before.modified) return now !== undefined;
  }
  return false;
}

/** Removes a lock whose process has ended, but not one that has changed in the meantime. */
async function takeAway(lock: string, before: LockState): Promise<void> {
  const aside = `${lock}.${randomUUID()}`;
  const isMoved = await rename(lock, aside).then(
    () => true,
    () => false,
  );
  if (!isMoved) return;
  const found = await stateOf(aside);
  if (found?.mark !== before.mark || found.modified !== before.modified) await link(aside, lock).catch(() => undefined);
  await rm(aside, { force: true });
}
