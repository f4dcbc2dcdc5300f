import { open, readFile } from 'node:fs/promises';
import { HubFileError } from '../errors/hub-errors.js';
import type { HubStore } from '../sums/hub-store.js';
import type { HubClock } from './hub-clock.js';
import { FILE_HEADER } from './journal-frame.js';
import { LineReader } from './line-reader.js';
import { isFirstVersion, readFirstVersion } from './read-first-version.js';
import { readJournal } from './read-journal.js';

/** The store and clock that a file is loaded into. */
export interface LoadTarget {
  readonly store: HubStore;
  readonly clock: HubClock;
}

/**
 * Loads a file of version 2 or 1 into an empty store, and sets the clock. A missing file counts as empty.
 *
 * @throws {HubFileError} if the file is damaged, is not the file of a hub, or can't be read.
 */
export async function loadHubFile(file: string, { store, clock }: LoadTarget): Promise<void> {
  const handle = await open(file, 'r').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw unreadable(file, cause);
  });
  if (handle === undefined) return;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(FILE_HEADER.length), 0, FILE_HEADER.length, 0);
    const header = buffer.toString('latin1', 0, bytesRead);
    if (header === FILE_HEADER) {
      const reader = new LineReader(store);
      await readJournal(file, { handle, onLine: (line) => reader.read(line) });
      reader.finish();
      if (reader.created !== undefined) clock.continueFrom(reader.created, reader.latest);
      return;
    }
    const problem = isFirstVersion(header)
      ? readFirstVersion(await readFile(file, 'utf8'), { store, now: clock.now() })
      : unknownHeader(header);
    if (problem === undefined) return;
    const place = isFirstVersion(header) ? '' : ' (byte 0)';
    throw new HubFileError(
      file,
      `${file} is not a valid hub file: ${problem}${place}; restore it from a backup, or move it away to start empty.`,
    );
  } catch (cause) {
    if (cause instanceof HubFileError) throw cause;
    if ((cause as NodeJS.ErrnoException).code !== undefined) throw unreadable(file, cause as Error);
    throw new HubFileError(
      file,
      `${file} contains data that this version can't read: ${(cause as Error).message}; use the version that wrote it.`,
      { cause },
    );
  } finally {
    await handle.close();
  }
}

function unknownHeader(header: string): string {
  const version = /^tinyllm-hub \d+(?=\n)/.exec(header)?.[0];
  if (version === undefined) return 'it was not written by a hub';
  return `it has another version (${version}; expected ${FILE_HEADER.trim()})`;
}

function unreadable(file: string, cause: NodeJS.ErrnoException): HubFileError {
  const advice = cause.code === 'EISDIR' ? 'it is a folder; expected a file' : cause.message;
  return new HubFileError(file, `${file} cannot be read: ${advice}.`, { cause });
}
