import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, type FileHandle, link, open, rename, rm, writeFile } from 'node:fs/promises';

/** A lock file's content and modification time. */
export interface LockState {
  readonly mark: string;
  /** In milliseconds since 1970, by the clock of the writing host. Compare it only for equality. */
  readonly modified: number;
}

/** Error codes of `link` on file systems without hard links. */
const withoutLinks = new Set<string | undefined>(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP']);

/**
 * Creates a lock file together with its content.
 *
 * Resolves to false if the lock exists. Rejects with other errors of the file system. Without hard links, the content
 * is written shortly after the file is created, so other processes can see an empty lock.
 */
export async function createLock(lock: string, mark: string): Promise<boolean> {
  const written = `${lock}.${randomUUID()}`;
  try {
    await writeFile(written, mark, { flag: 'wx', mode: 0o600 });
    await link(written, lock).catch((error: NodeJS.ErrnoException) => {
      if (!withoutLinks.has(error.code)) throw error;
      return writeFile(lock, mark, { flag: 'wx', mode: 0o600 });
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(written, { force: true }).catch(() => undefined);
  }
}

/**
 * Reads a lock file; `undefined` if it does not exist. Rejects with other errors of the file system.
 *
 * Opens the file, because NFS can return outdated times for a file that is not open.
 */
export async function lockState(lock: string): Promise<LockState | undefined> {
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

/** Removes an abandoned lock file. Restores the lock file if it has changed since `before` was read. */
export async function removeAbandoned(lock: string, before: LockState): Promise<void> {
  const aside = `${lock}.${randomUUID()}`;
  await rename(lock, aside).catch((error: NodeJS.ErrnoException) => {
    // With ENOENT, another process was faster. Throw other errors, because a retry would fail in the same way.
    if (error.code !== 'ENOENT') throw error;
  });
  const found = await lockState(aside);
  if (found === undefined) return;
  if (found.mark !== before.mark || found.modified !== before.modified) await putBack(aside, lock);
  await rm(aside, { force: true });
}

/**
 * Restores a renamed lock file. Does nothing if a new lock file exists.
 *
 * The owner of the old lock file then detects that it has lost the lock.
 */
async function putBack(aside: string, lock: string): Promise<void> {
  await link(aside, lock).catch(async (error: NodeJS.ErrnoException) => {
    if (withoutLinks.has(error.code)) await copyFile(aside, lock, constants.COPYFILE_EXCL).catch(() => undefined);
  });
}
