import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type HubFiles, JournalFile } from './journal-file.js';
import { splitLines } from './journal-frame.js';

/** Bytes of the snapshot that are serialized at a time, in about 2 ms. */
const SLICE_BYTES = 256 * 1024;
/** The new file is synced after this many bytes, so that the last sync is short. */
const SYNC_BYTES = 4 * 1024 ** 2;
/** Size of a frame of changes. Larger frames are valid, but the reader loads each complete frame into memory. */
const FRAME_BYTES = 8 * 1024 ** 2;

/** Suffix of an incomplete new file: `FILE.UUID.tmp`. Earlier versions used `FILE.tmp`. */
const TEMPORARY = /^\.([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.)?tmp$/;

/**
 * Removes incomplete new files after a crash. Only the hub with the lock may call this function.
 *
 * Another hub that has lost the lock may still be writing such a file. That hub then can't put its file into effect,
 * because the file no longer exists when the hub renames it.
 */
export async function removeIncomplete(path: string, files: HubFiles): Promise<void> {
  const [folder, name] = [dirname(path), basename(path)];
  for (const found of await readdir(folder).catch(() => [])) {
    if (!found.startsWith(name) || !TEMPORARY.test(found.slice(name.length))) continue;
    await files.rm(join(folder, found), { force: true });
  }
}

/** Writes a snapshot to a new file in slices, while changes are still written to the old file. */
export class Compaction {
  readonly #path: string;
  readonly #files: HubFiles;
  #file: JournalFile | undefined;
  #writing: Promise<boolean> | undefined;
  /** Changes that are on disk in the old file, but not yet in the new file. */
  #mirrored: Buffer[] = [];
  #isAborted = false;

  /** Prepares a new file for a path. {@link write} creates it with a unique name. */
  constructor(path: string, files: HubFiles) {
    this.#path = `${path}.${randomUUID()}.tmp`;
    this.#files = files;
  }

  /**
   * Adds changes that were written to the old file. Ignored before {@link write}, because the snapshot will contain
   * them.
   */
  mirror(payload: Buffer): void {
    if (this.#file !== undefined) this.#mirrored.push(payload);
  }

  /**
   * Creates the file and writes the snapshot. Resolves to false after {@link abort}.
   *
   * @throws {Error} if the file can't be written. The file is then removed.
   */
  write(texts: Iterator<string>): Promise<boolean> {
    this.#writing = this.#write(texts).catch(async (error: unknown) => {
      await this.#file?.discard();
      throw error;
    });
    return this.#writing;
  }

  /** Ends the snapshot with changes that are in no file yet. Syncs the file, but doesn't rename it. */
  async complete(changes: Buffer): Promise<JournalFile> {
    if (this.#file === undefined) throw new TypeError('complete() was called before write(); call write() first.');
    await this.#writeMirrored(this.#file);
    let last = Buffer.alloc(0) as Buffer;
    for (const part of splitLines(changes, FRAME_BYTES)) {
      if (last.length > 0) await this.#file.append('snapshot', last);
      last = part;
    }
    await this.#file.append('complete', last);
    await this.#file.sync();
    return this.#file;
  }

  /** Waits for the current write, and removes the file. */
  async abort(): Promise<void> {
    this.#isAborted = true;
    await this.#writing?.catch(() => undefined);
    await this.#file?.discard();
  }

  async #write(texts: Iterator<string>): Promise<boolean> {
    const file = await JournalFile.create(this.#path, this.#files);
    this.#file = file;
    let synced = file.length;
    for (;;) {
      if (this.#isAborted) return false;
      const slice = nextSlice(texts);
      if (slice === undefined) return true;
      await file.append('snapshot', slice);
      await this.#writeMirrored(file);
      if (file.length - synced > SYNC_BYTES) {
        await file.sync();
        synced = file.length;
      }
      await nextTurn();
    }
  }

  async #writeMirrored(file: JournalFile): Promise<void> {
    const mirrored = this.#mirrored;
    this.#mirrored = [];
    for (const payload of mirrored) {
      for (const part of splitLines(payload, FRAME_BYTES)) await file.append('snapshot', part);
    }
  }
}

function nextSlice(texts: Iterator<string>): Buffer | undefined {
  const parts: string[] = [];
  let length = 0;
  while (length < SLICE_BYTES) {
    const { done, value } = texts.next();
    if (done === true) break;
    parts.push(value);
    length += value.length;
  }
  return parts.length === 0 ? undefined : Buffer.from(`${parts.join('\n')}\n`);
}
