import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { abandonedMarks, type FileLock, HeldLock, heldLocks } from './held-lock.js';
import { ownerId, ownerMark, ownerState } from './lock-owner.js';
import { createLock, type LockState, lockState, removeAbandoned } from './lock-storage.js';

export type { FileLock } from './held-lock.js';

/** Why a file cannot be locked. */
export interface FileInUse {
  /** The ID of the process that holds the lock. */
  readonly heldBy: string;
  /** Whether that process is in another container or on another host. */
  readonly isElsewhere: boolean;
  /** The lock file. */
  readonly lock: string;
}

/** Timing of a lock. All processes that lock the same file must use the same values. */
export interface FileLockOptions {
  /** How often the holder updates the lock's modification time, in milliseconds; default 2,000. */
  readonly heartbeatMilliseconds?: number;
  /** How long a lock of another host or container must stay unchanged before it is taken over; default 10,000 ms. */
  readonly staleMilliseconds?: number;
  /** The scope in which process IDs are unique; default: the scope of this process. */
  readonly scope?: string;
}

/**
 * Locks a file with a lock file, `FILE.lock`, which contains the process ID.
 *
 * The lock of an ended process is taken over immediately. A process in another container or on another host can't be
 * checked, so the lock file of such a process is watched instead. If the modification time of the lock file changes,
 * the lock is in use. If the lock file stays the same for `staleMilliseconds`, the lock is taken over. The call can
 * take that long. Only changes of the time count, so the clocks of the hosts can differ. An incomplete lock file is
 * also watched.
 *
 * Rejects with the error of the file system.
 */
export async function lockFile(file: string, options: FileLockOptions = {}): Promise<FileLock | FileInUse> {
  const { heartbeatMilliseconds = 2_000, staleMilliseconds = 10_000, scope } = options;
  const lock = `${file}.lock`;
  const path = resolve(lock);
  for (;;) {
    const mark = ownerMark(scope);
    if (await createAndHold(path, mark)) return new HeldLock(path, mark, { heartbeatMilliseconds, staleMilliseconds });
    const state = await lockState(path);
    if (state === undefined) {
      if (heldLocks.has(path)) return { heldBy: String(process.pid), isElsewhere: false, lock };
      continue;
    }
    const owner = abandonedMarks.has(state.mark) ? 'ended' : ownerState(state.mark, scope);
    const inUse = { heldBy: ownerId(state.mark), isElsewhere: owner === 'elsewhere', lock };
    if (heldLocks.has(path) || owner === 'running') return inUse;
    if (owner !== 'ended' && (await changesWithin(staleMilliseconds, path, state))) {
      if (owner === 'incomplete') continue;
      return inUse;
    }
    await removeAbandoned(path, state);
  }
}

/**
 * Creates the lock file. Adds its path to `heldLocks` first, so that no other part of this process takes over the lock.
 *
 * Resolves to false if the lock file exists, or if another part of this process holds the lock or is creating it.
 */
async function createAndHold(path: string, mark: string): Promise<boolean> {
  if (heldLocks.has(path)) return false;
  heldLocks.add(path);
  let isCreated = false;
  try {
    isCreated = await createLock(path, mark);
    return isCreated;
  } finally {
    if (!isCreated) heldLocks.delete(path);
  }
}

/** Resolves to true as soon as the lock file changes. Resolves to false if it is removed or the time has passed. */
async function changesWithin(milliseconds: number, path: string, before: LockState): Promise<boolean> {
  const started = performance.now();
  while (performance.now() - started < milliseconds) {
    await sleep(Math.min(100, milliseconds));
    const now = await lockState(path);
    if (now === undefined || now.mark !== before.mark || now.modified !== before.modified) return now !== undefined;
  }
  return false;
}
