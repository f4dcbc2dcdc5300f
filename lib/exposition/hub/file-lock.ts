import { readFileSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { HubFileError } from '../../errors.js';
import { unwritable } from '../unwritable.js';

/** A claim on a file, kept until it is released or its process has ended. */
export interface FileLock {
  release(): Promise<void>;
}

/** Locks of this process: a process may hold a file once, too. */
const held = new Set<string>();

/**
 * Claims a file for this process by creating `FILE.lock`, which names the process.
 *
 * A lock whose process has ended is taken over.
 *
 * @throws {HubFileError} when another process has it, or the lock cannot be written.
 */
export async function lockFile(file: string): Promise<FileLock> {
  const lock = `${file}.lock`;
  const refuse = (problem: string, cause?: unknown): never => {
    throw new HubFileError(file, problem, cause === undefined ? {} : { cause });
  };
  const mine = describe(process.pid);
  for (;;) {
    try {
      await writeFile(lock, mine, { flag: 'wx' });
      held.add(lock);
      return { release: () => release(lock) };
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code !== 'EEXIST') refuse(`${lock} cannot be written: ${unwritable(lock, cause)}.`, cause);
    }
    const theirs = await readFile(lock, 'utf8').catch(() => undefined);
    if (theirs === undefined) continue;
    if (held.has(lock) || isAlive(theirs)) {
      refuse(`${file} is in use by process ${theirs.split(' ')[0]}; end that hub, or delete ${lock} if it is none.`);
    }
    await takeAway(lock, theirs);
  }
}

async function release(lock: string): Promise<void> {
  if (held.delete(lock)) await rm(lock, { force: true });
}

/** Removes a dead process's lock, but not one that somebody else has put there in the meantime. */
async function takeAway(lock: string, theirs: string): Promise<void> {
  const aside = `${lock}.${process.pid}`;
  const moved = await rename(lock, aside).then(
    () => true,
    () => false,
  );
  if (!moved) return;
  const found = await readFile(aside, 'utf8');
  if (found !== theirs) await writeFile(lock, found, { flag: 'wx' }).catch(() => undefined);
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
