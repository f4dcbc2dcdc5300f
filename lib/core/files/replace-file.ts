import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What a file is replaced with. */
export interface Replacement {
  readonly text: string;
  /** A file in the same folder that is written first. */
  readonly temporary: string;
  /** Who may read and write the new file; default what the process's mask leaves of everybody. */
  readonly mode?: number;
  /** Called before the temporary file is written, and again before it replaces the file. If it rejects, the file stays. */
  readonly confirm?: () => Promise<void>;
}

/**
 * Writes a file as a whole: its readers see what was there before or all of the new, also after a loss of power.
 *
 * Rejects with the error of the file system, or of `confirm`.
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

/** Creates a new file: a stalled process that still writes to a file of this name must not change its content. */
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

/** Makes a rename last; where folders cannot be synced (Windows) the system does without. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  try {
    await handle?.sync().catch(() => undefined);
  } finally {
    await handle?.close();
  }
}
