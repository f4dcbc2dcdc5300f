import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';

/** A claim on a file, kept until it is released or its process has ended. */
export interface FileLock {
  /** Gives the file up. */
  release(): Promise<void>;
}

/** Why a file cannot be claimed. */
export interface FileInUse {
  /** The id of the process that has it. */
  readonly heldBy: string;
  /** The lock that says so. */
  readonly lock: string;
}

/** What `link` says where there are none. */
const withoutLinks = new Set<string | undefined>(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP']);

const SHARED = Symbol.for('tinyllm.file-locks');
const scope = globalThis as { [SHARED]?: Set<string> };
scope[SHARED] ??= new Set();
/** The locks of this process, of every copy of the package: a process may hold a file only once. */
const held: Set<string> = scope[SHARED];

/**
 * Claims a file for this process by creating `FILE.lock`, which names the process.
 *
 * A lock whose process has ended is taken over. Throws what the file system throws.
 */
export async function lockFile(file: string): Promise<FileLock | FileInUse> {
  const lock = `${file}.lock`;
  for (;;) {
    if (await create(lock)) {
      held.add(lock);
      return { release: () => release(lock) };
    }
    const theirs = await readFile(lock, 'utf8').catch(() => undefined);
    if (theirs === undefined) continue;
    if (held.has(lock) || isAlive(theirs)) return { heldBy: theirs.split(' ')[0] ?? '', lock };
    await takeAway(lock, theirs);
  }
}

/** Puts the lock there with its words already in it: an empty one would look like a dead process's. */
async function create(lock: string): Promise<boolean> {
  const written = `${lock}.${randomUUID()}`;
  try {
    await writeFile(written, describe(process.pid), { flag: 'wx', mode: 0o600 });
    await link(written, lock).catch((error: NodeJS.ErrnoException) => {
      // Not every file system has links; there the words come a moment after the file.
      if (!withoutLinks.has(error.code)) throw error;
      return writeFile(lock, describe(process.pid), { flag: 'wx', mode: 0o600 });
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(written, { force: true });
  }
}

async function release(lock: string): Promise<void> {
  if (held.delete(lock)) await rm(lock, { force: true });
}

/** Removes a dead process's lock, but not one that somebody else has put there in the meantime. */
async function takeAway(lock: string, theirs: string): Promise<void> {
  const aside = `${lock}.${randomUUID()}`;
  const moved = await rename(lock, aside).then(
    () => true,
    () => false,
  );
  if (!moved) return;
  const found = await readFile(aside, 'utf8');
  if (found !== theirs) await link(aside, lock).catch(() => undefined);
  await rm(aside, { force: true });
}

/** `PID START`: ids are used again, also at once after a restart of a container; the start tells them apart. */
function describe(pid: number): string {
  return `${pid} ${startOf(pid) ?? '-'}`;
}

function isAlive(description: string): boolean {
  const [id = '', start = '-'] = description.split(' ');
  const pid = Number(id);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const now = startOf(pid);
  return start === '-' || now === undefined ? pid !== process.pid : now === start;
}

/** When a process started, in ticks since boot, where the system tells. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
