import { type FileLock, lockFile, unwritable } from 'tinyllm/configuration';
import { HubFileError } from '../errors/hub-errors.js';

/** The lock of a hub file, `FILE.lock`. */
export class HubLock {
  private constructor(
    readonly path: string,
    private readonly lock: FileLock,
  ) {}

  /**
   * Acquires the lock.
   *
   * @throws {HubFileError} if another hub uses the file, or the lock can't be written.
   */
  static async claim(path: string): Promise<HubLock> {
    const claimed = await lockFile(path).catch((cause: Error) => {
      throw new HubFileError(path, `${path}.lock cannot be written: ${unwritable(`${path}.lock`, cause)}.`, { cause });
    });
    if ('release' in claimed) return new HubLock(path, claimed);
    const { heldBy, isElsewhere, lock } = claimed;
    const place = isElsewhere ? ' in another container or on another host' : '';
    throw new HubFileError(
      path,
      `${path} is in use by process ${heldBy}${place}; stop that hub. If that process is not a running hub, delete ${lock}.`,
    );
  }

  /**
   * Checks that this hub still has the lock.
   *
   * @throws {HubFileError} if another hub has taken over the file.
   */
  async require(): Promise<void> {
    if (await this.lock.isHeld()) return;
    throw new HubFileError(
      this.path,
      `${this.path} cannot be written: another hub has taken over ${this.path}.lock while this hub was stopped or could not reach the folder; restart this hub with another file.`,
    );
  }

  release(): Promise<void> {
    return this.lock.release();
  }
}
