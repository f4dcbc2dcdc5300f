import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { encodeFrame, FILE_HEADER, type FrameKind } from './journal-frame.js';

/** File operations of a hub. */
export interface HubFiles {
  /** Opens a file, like `open` of `node:fs/promises`. */
  readonly open: (path: string, flags: string, mode?: number) => Promise<FileHandle>;
  /** Renames a file. Replaces an existing file. */
  readonly rename: (from: string, to: string) => Promise<void>;
  /** Removes a file if it exists. */
  readonly rm: (path: string, options: { readonly force: true }) => Promise<void>;
}

/** The file operations of Node. */
export const nodeFiles: HubFiles = { open, rename, rm };

/** A file of version 2, opened for writing. It contains a header and frames. */
export class JournalFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #files: HubFiles;
  #length = FILE_HEADER.length;
  #chain = 0;

  private constructor(path: string, handle: FileHandle, files: HubFiles) {
    this.#path = path;
    this.#handle = handle;
    this.#files = files;
  }

  /** Creates a new file. Fails if the path exists. */
  static async create(path: string, files: HubFiles): Promise<JournalFile> {
    const file = new JournalFile(path, await files.open(path, 'wx', 0o666), files);
    try {
      await file.#write(Buffer.from(FILE_HEADER), 0);
    } catch (error) {
      await file.discard();
      throw error;
    }
    return file;
  }

  /** Length of the header and all complete frames, in bytes. */
  get length(): number {
    return this.#length;
  }

  /** Writes a frame. After an error, call {@link truncateToLastFrame} or {@link close}. */
  async append(kind: FrameKind, payload: Buffer): Promise<void> {
    const { bytes, chain } = encodeFrame(kind, payload, this.#chain);
    await this.#write(bytes, this.#length);
    this.#length += bytes.length;
    this.#chain = chain;
  }

  /** Waits until all frames are on the disk. */
  async sync(): Promise<void> {
    await this.#handle.datasync();
  }

  /** Whether the path still leads to this file. The file may have been moved or deleted. */
  async isAt(path: string): Promise<boolean> {
    const [own, found] = await Promise.all([this.#handle.stat(), stat(path).catch(() => undefined)]);
    return own.ino === found?.ino && own.dev === found.dev;
  }

  /** Removes an incomplete frame after a failed {@link append}. Resolves to whether it succeeded. */
  truncateToLastFrame(): Promise<boolean> {
    return this.#handle.truncate(this.#length).then(
      () => true,
      () => false,
    );
  }

  /** Renames the file. Replaces an existing file. */
  async rename(path: string): Promise<void> {
    await this.#files.rename(this.#path, path);
  }

  /** Waits until a {@link rename} is on disk. Has no effect on systems that can't open or sync folders (Windows). */
  async syncFolder(): Promise<void> {
    const handle = await this.#files.open(dirname(this.#path), 'r').catch(() => undefined);
    try {
      await handle?.sync().catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'EIO' || error.code === 'ENOSPC' || error.code === 'EDQUOT') throw error;
      });
    } finally {
      await handle?.close();
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  /** Closes and removes the file. */
  async discard(): Promise<void> {
    await this.close().catch(() => undefined);
    await this.#files.rm(this.#path, { force: true }).catch(() => undefined);
  }

  async #write(bytes: Buffer, position: number): Promise<void> {
    let written = 0;
    while (written < bytes.length) {
      const { bytesWritten } = await this.#handle.write(bytes, written, bytes.length - written, position + written);
      written += bytesWritten;
    }
  }
}
