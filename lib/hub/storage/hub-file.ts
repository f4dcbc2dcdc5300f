import { readFile } from 'node:fs/promises';
import { type FileLock, lockFile, replaceFile, unwritable } from 'tinyllm/configuration';
import { HubFileError } from '../errors/hub-errors.js';
import { openLines, sealLines } from './checksummed-lines.js';

/** The file a hub keeps its state in: always whole on disk, and one hub's alone. */
export class HubFile {
  readonly #file: string;
  readonly #lock: FileLock;
  readonly #lines: () => readonly string[];
  #writing: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #failed = false;

  private constructor(file: string, lock: FileLock, lines: () => readonly string[]) {
    this.#file = file;
    this.#lock = lock;
    this.#lines = lines;
  }

  /**
   * Claims a file and reads what it holds; a file that is not there is made.
   *
   * `restore` gets the lines that were kept, `lines` gives what to keep at each save.
   *
   * @throws {HubFileError} when it is in use, torn, of something else, or cannot be read or written.
   */
  static async open(
    file: string,
    {
      restore,
      lines,
    }: { readonly restore: (lines: readonly string[]) => void; readonly lines: () => readonly string[] },
  ): Promise<HubFile> {
    const lock = await claim(file);
    try {
      restore(await read(file));
      const opened = new HubFile(file, lock, lines);
      await opened.save();
      return opened;
    } catch (cause) {
      await lock.release();
      if (cause instanceof HubFileError) throw cause;
      throw new HubFileError(file, `${file} holds what this version cannot read: ${(cause as Error).message}.`, {
        cause,
      });
    }
  }

  /**
   * Resolves when everything that is so now is on disk. Calls that come during a write share the next one.
   *
   * @throws {HubFileError} when it cannot be written; what was there before still is.
   */
  save(): Promise<void> {
    if (this.#next !== undefined) return this.#next;
    if (this.#writing === undefined) return this.#start();
    this.#next = this.#writing.catch(() => undefined).then(() => this.#start());
    return this.#next;
  }

  /**
   * Resolves when everything that was to be saved is on disk.
   *
   * @throws {HubFileError} when it cannot be written.
   */
  async settled(): Promise<void> {
    await (this.#next ?? this.#writing ?? (this.#failed ? this.save() : undefined));
  }

  /** Writes what is left to write and lets go of the file. */
  async close(): Promise<void> {
    try {
      await this.save();
    } finally {
      await this.#lock.release();
    }
  }

  #start(): Promise<void> {
    this.#next = undefined;
    const writing = this.#write().finally(() => {
      if (this.#writing === writing) this.#writing = undefined;
    });
    this.#writing = writing;
    return writing;
  }

  async #write(): Promise<void> {
    try {
      const temporary = `${this.#file}.tmp`;
      const confirm = (): Promise<void> => this.#requireLock();
      await replaceFile(this.#file, { temporary, text: sealLines(this.#lines()), confirm });
      this.#failed = false;
    } catch (cause) {
      this.#failed = true;
      if (cause instanceof HubFileError) throw cause;
      throw new HubFileError(this.#file, `${this.#file} cannot be written: ${unwritable(this.#file, cause)}.`, {
        cause,
      });
    }
  }

  async #requireLock(): Promise<void> {
    if (await this.#lock.isHeld()) return;
    throw new HubFileError(
      this.#file,
      `${this.#file} is not written: another hub has taken over ${this.#file}.lock while this one was stopped or could not reach the folder; restart this hub with another file.`,
    );
  }
}

async function claim(file: string): Promise<FileLock> {
  const claimed = await lockFile(file).catch((cause: Error) => {
    throw new HubFileError(file, `${file}.lock cannot be written: ${unwritable(`${file}.lock`, cause)}.`, { cause });
  });
  if ('release' in claimed) return claimed;
  const { heldBy, isElsewhere, lock } = claimed;
  const place = isElsewhere ? ' in another container or on another host' : '';
  throw new HubFileError(
    file,
    `${file} is in use by process ${heldBy}${place}; stop that hub. If no hub runs there, delete ${lock}.`,
  );
}

async function read(file: string): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    const advice = cause.code === 'EISDIR' ? 'it is a folder; name a file' : cause.message;
    throw new HubFileError(file, `${file} cannot be read: ${advice}.`, { cause });
  });
  if (text === undefined) return [];
  const lines = openLines(text);
  if ('problem' in lines) {
    throw new HubFileError(file, `${file} is not a hub's state: ${lines.problem}; move it away to start from nothing.`);
  }
  return lines;
}
