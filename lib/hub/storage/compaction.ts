import { setImmediate as nextTurn } from 'node:timers/promises';
import { type HubFiles, JournalFile } from './journal-file.js';

/** Bytes of the snapshot that are made at a time: about 2 ms. */
const SLICE_BYTES = 262_144;
/** Bytes between two syncs, so that the last one takes no longer than the others. */
const SYNC_BYTES = 4_194_304;

/** Writes a new file with a snapshot, slice by slice, while changes continue in the old one. */
export class Compaction {
  readonly #file: JournalFile;
  /** Changes that are on disk in the old file, and not yet in this one. */
  #mirrored: Buffer[] = [];
  #isAborted = false;

  private constructor(file: JournalFile) {
    this.#file = file;
  }

  static async start(path: string, files: HubFiles): Promise<Compaction> {
    return new Compaction(await JournalFile.create(path, files));
  }

  /** Adds changes that were written to the old file. */
  mirror(payload: Buffer): void {
    this.#mirrored.push(payload);
  }

  /** Writes the snapshot. Resolves to false after {@link abort}. */
  async write(texts: Iterator<string>): Promise<boolean> {
    let synced = this.#file.length;
    for (;;) {
      if (this.#isAborted) return false;
      const slice = nextSlice(texts);
      if (slice === undefined) return true;
      await this.#file.append('snapshot', slice);
      await this.#writeMirrored();
      if (this.#file.length - synced > SYNC_BYTES) {
        await this.#file.sync();
        synced = this.#file.length;
      }
      await nextTurn();
    }
  }

  /** Ends the snapshot, with changes that are in no file yet. The file is on disk then, but not in its place. */
  async complete(changes: Buffer): Promise<JournalFile> {
    await this.#writeMirrored();
    await this.#file.append('complete', changes);
    await this.#file.sync();
    return this.#file;
  }

  /** Removes the file. */
  async abort(): Promise<void> {
    this.#isAborted = true;
    await this.#file.discard();
  }

  async #writeMirrored(): Promise<void> {
    const mirrored = this.#mirrored;
    this.#mirrored = [];
    for (const payload of mirrored) await this.#file.append('snapshot', payload);
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
