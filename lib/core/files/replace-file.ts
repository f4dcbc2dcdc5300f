import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The new content of a file. */
export interface Replacement {
  readonly text: string;
  /** The path of the temporary file, in the same folder. */
  readonly temporary: string;
  /** Permissions of the new file, before the umask of the process applies; default 0o666. */
  readonly mode?: number;
  /**
   * Called before the temporary file is written, and again before it replaces the file.
   *
   * If `confirm` rejects, the file is not replaced.
   */
  readonly confirm?: () => Promise<void>;
}

/**
 * Replaces a file atomically: readers see the old or the complete new content, even after a power loss.
 *
 * Rejects with the error of the file system or of `confirm`.
 */
export async function replaceFile(file: string, replacement: Replacement): Promise<void> {
  const { text, temporary, mode = 0o666, confirm } = replacement;
  await confirm?.();
  try {
    await writeSynced(temporary, text, mode);
    await confirm?.();
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(file));
}

/**
 * Deletes an existing temporary file and creates a new one.
 *
 * So a stalled process that still writes to the deleted file can't change the content of the new file.
 */
async function writeSynced(file: string, text: string, mode: number): Promise<void> {
  await rm(file, { force: true });
  const handle = await open(file, 'wx', mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a rename durable. Does nothing on systems that cannot sync folders, such as Windows. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  try {
    await handle?.sync().catch(() => undefined);
  } finally {
    await handle?.close();
  }
}
