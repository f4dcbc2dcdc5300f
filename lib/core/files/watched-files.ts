import { readFileSync, type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';

/** The largest file that is read, in bytes: 1 MiB. */
const maxBytes = 1024 * 1024;

/** Remembers how the files it reads looked, and tells when one of them has become another. */
export class WatchedFiles {
  readonly #looks = new Map<string, string>();

  /**
   * A file's bytes.
   *
   * It waits for the disk: reading happens at the start and after a change, and what comes next depends on it.
   *
   * @throws {Error} whose message goes on from "the file": that it is missing, no file, too large or not readable.
   */
  read(path: string): Buffer {
    const absolute = resolve(path);
    // What it looks like before it is read: when it changes meanwhile, the next look tells.
    this.#looks.set(absolute, lookAt(absolute));
    try {
      const stats = statSync(absolute);
      // A pipe would keep us waiting for its other end.
      if (!stats.isFile()) throw new Error('is not a regular file; name one that is');
      if (stats.size > maxBytes) throw new Error('is larger than 1 MiB');
      return readFileSync(absolute);
    } catch (cause) {
      throw new Error(reason(cause), { cause });
    }
  }

  /** Whether a file read so far has changed, come or gone since. */
  changed(): boolean {
    for (const [path, look] of this.#looks) if (lookAt(path) !== look) return true;
    return false;
  }
}

/** A new inode tells a file that was put in place of another, even one of the same size in the same millisecond. */
function lookAt(path: string): string {
  const stats: Stats | undefined = statOf(path);
  return stats === undefined ? 'none' : `${stats.mtimeMs} ${stats.size} ${stats.ino}`;
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function reason(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist; check the path';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user; check its permissions';
  return code === undefined ? message : `cannot be read (${code})`;
}
