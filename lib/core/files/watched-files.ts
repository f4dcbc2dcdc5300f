import { readFileSync, type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';

/** The maximum size of a file, in bytes: 1 MiB. */
const maxBytes = 1024 * 1024;

/** Reads files and detects later changes of these files. */
export class WatchedFiles {
  readonly #fingerprints = new Map<string, string>();

  /**
   * Reads a file.
   *
   * Reading is synchronous for two reasons: callers can't continue without the content, and they read a file only at
   * the start and after a change.
   *
   * @throws {Error} if the file is missing, not a regular file, larger than 1 MiB or not readable. The message
   * continues a sentence that starts with "the file", such as "does not exist; check the path".
   */
  read(path: string): Buffer {
    const absolute = resolve(path);
    // Take the fingerprint before reading, so that a change during reading is detected.
    this.#fingerprints.set(absolute, fingerprintOf(absolute));
    try {
      const stats = statSync(absolute);
      // Reading a pipe would wait for its writer.
      if (!stats.isFile()) throw new Error('is not a regular file; choose a regular file');
      if (stats.size > maxBytes) throw new Error('is larger than 1 MiB');
      return readFileSync(absolute);
    } catch (cause) {
      throw new Error(reason(cause), { cause });
    }
  }

  /** Whether any file was changed, created or deleted since it was read. */
  changed(): boolean {
    for (const [path, fingerprint] of this.#fingerprints) if (fingerprintOf(path) !== fingerprint) return true;
    return false;
  }
}

/** Contains the inode, which differs if a file was replaced by one with the same size and time. */
function fingerprintOf(path: string): string {
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
  if (code === 'EACCES' || code === 'EPERM') return 'cannot be read by this user; check its permissions';
  return code === undefined ? message : `cannot be read (${code})`;
}
