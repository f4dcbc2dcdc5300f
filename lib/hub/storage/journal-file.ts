import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { encodeFrame, FILE_HEADER, type FrameKind } from './journal-frame.js';

/** The file operations of a hub, by default those of Node. */
export interface HubFiles {
  /** Opens a file, as `open` of `node:fs/promises`. */
  readonly open: (path: string, flags: string, mode?: number) => Promise<FileHandle>;
  /** Replaces a file by another. */
  readonly rename: (from: string, to: string) => Promise<void>;
  /** Removes a file that may not exist. */
  readonly rm: (path: string, options: { readonly force: true }) => Promise<void>;
}

/** Node's file operations. */
export const nodeFiles: HubFiles = { open, rename, rm };

/** A file of version 2 that is being written: a header and frames. */
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

  /** Creates a new file. Fails if one with the same path exists. */
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

  /** Bytes of the complete frames. */
  get length(): number {
    return this.#length;
  }

  /** Writes a frame. After a failure, the file either has its previous length and content, or rejects all later operations. */
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

  /** Whether the file is still the one with this path. Somebody may have moved or deleted it. */
  async isAt(path: string): Promise<boolean> {
    const [own, found] = await Promise.all([this.#handle.stat(), stat(path).catch(() => undefined)]);
    return own.ino === found?.ino && own.dev === found.dev;
  }

  /** Removes what an incomplete {@link append} has written. Resolves to whether it could. */
  cutBack(): Promise<boolean> {
    return this.#handle.truncate(this.#length).then(
      () => true,
      () => false,
    );
  }

  /** Gives the file another path, in place of the file there. */
  async rename(path: string): Promise<void> {
    await this.#files.rename(this.#path, path);
  }

  /** Waits until a {@link rename} is on the disk. Systems that can't open or sync folders (Windows) do without. */
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
