import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What a file is replaced with. */
export interface Replacement {
  readonly text: string;
  /** A file in the same folder that is written first. */
  readonly temporary: string;
  /** Who may read and write the new file; default what the process's mask leaves of everybody. */
  readonly mode?: number;
}

/**
 * Writes a file as a whole: its readers see what was there before or all of the new, also after a loss of power.
 *
 * Throws what the file system throws.
 */
export async function replaceFile(file: string, { text, temporary, mode = 0o666 }: Replacement): Promise<void> {
  try {
    await writeSynced(temporary, text, mode);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(file));
}

async function writeSynced(file: string, text: string, mode: number): Promise<void> {
  const handle = await open(file, 'w', mode);
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
