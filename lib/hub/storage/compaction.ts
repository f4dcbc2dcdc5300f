import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type HubFiles, JournalFile } from './journal-file.js';
import { splitLines } from './journal-frame.js';

/** Bytes of the snapshot that are made at a time: about 2 ms. */
const SLICE_BYTES = 256 * 1024;
/** Bytes between two syncs, so that the last one takes no longer than the others. */
const SYNC_BYTES = 4 * 1024 ** 2;
/** Bytes of a frame of changes. A reader accepts larger ones, but has one in memory as a whole. */
const FRAME_BYTES = 8 * 1024 ** 2;

/** Name of a new file until it is complete: `FILE.UUID.tmp`. Earlier versions used `FILE.tmp`. */
const TEMPORARY = /^\.([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.)?tmp$/;

/**
 * Removes the incomplete new files that a crash has left. To be called by the hub that has the lock.
 *
 * A hub that has lost the lock can't rename its new file after that.
 */
export async function removeIncomplete(path: string, files: HubFiles): Promise<void> {
  const [folder, name] = [dirname(path), basename(path)];
  for (const found of await readdir(folder).catch(() => [])) {
    if (!found.startsWith(name) || !TEMPORARY.test(found.slice(name.length))) continue;
    await files.rm(join(folder, found), { force: true });
  }
}

/** Writes a new file with a snapshot, slice by slice, while changes continue in the old one. */
export class Compaction {
  readonly #path: string;
  readonly #files: HubFiles;
  #file: JournalFile | undefined;
  #writing: Promise<boolean> | undefined;
  /** Changes that are on disk in the old file, and not yet in this one. */
  #mirrored: Buffer[] = [];
  #isAborted = false;

  /** Prepares a new file for a path. {@link write} creates it, with a name that no other file has. */
  constructor(path: string, files: HubFiles) {
    this.#path = `${path}.${randomUUID()}.tmp`;
    this.#files = files;
  }

  /** Adds changes that were written to the old file. A snapshot that has not begun yet contains them. */
  mirror(payload: Buffer): void {
    if (this.#file !== undefined) this.#mirrored.push(payload);
  }

  /**
   * Creates the file and writes the snapshot. Resolves to false after {@link abort}.
   *
   * @throws {Error} if the file can't be written. Then it has been removed.
   */
  write(texts: Iterator<string>): Promise<boolean> {
    this.#writing = this.#write(texts).catch(async (error: unknown) => {
      await this.#file?.discard();
      throw error;
    });
    return this.#writing;
  }

  /** Ends the snapshot, with changes that are in no file yet. The file is synced then, but not renamed. */
  async complete(changes: Buffer): Promise<JournalFile> {
    if (this.#file === undefined) throw new TypeError('complete() was called before write().');
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

  /** Waits until nothing is being written, and removes the file. */
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
