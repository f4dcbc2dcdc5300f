import { unwritable } from 'tinyllm/configuration';
import { HubFileError } from '../errors/hub-errors.js';
import type { StateChange } from '../sums/state-change.js';
import { Compaction, removeIncomplete } from './compaction.js';
import { HubLock } from './hub-lock.js';
import { type HubFiles, type JournalFile, nodeFiles } from './journal-file.js';
import { MAX_PAYLOAD_BYTES } from './journal-frame.js';
import { type LoadTarget, loadHubFile } from './load-hub-file.js';
import { PendingChanges } from './pending-changes.js';
import { snapshotLines } from './state-lines.js';
import { WriteRetries } from './write-retries.js';

/** Minimum bytes of changes before a new snapshot is written; the size of the last snapshot if that is larger. */
const COMPACTION_BYTES = 4 * 1024 ** 2;
/** Size of a trial write. It is large because a full disk often has room for a few bytes. */
const TRIAL_BYTES = 16 * 1024;

/** Options for opening a journal. */
export interface HubJournalOptions extends LoadTarget {
  /** File operations; default those of Node. */
  readonly files?: HubFiles | undefined;
  /** Replaces the default of 4 MiB; see {@link COMPACTION_BYTES}. */
  readonly compactionBytes?: number | undefined;
}

/**
 * The file of a hub: a snapshot, followed by the changes since the snapshot.
 *
 * A change is on disk before it is acknowledged. Changes that arrive during a write are written together afterwards.
 * Only one hub can use the file.
 */
export class HubJournal {
  readonly #path: string;
  readonly #lock: HubLock;
  readonly #options: HubJournalOptions;
  readonly #files: HubFiles;
  readonly #pending = new PendingChanges();
  #file: JournalFile | undefined;
  #snapshotBytes = 0;
  /** The file length at which the next compaction starts. */
  #compactAt = 0;
  #compaction: Compaction | undefined;
  #isCompactionReady = false;
  #isWorking = false;
  #working: Promise<void> | undefined;
  readonly #retries = new WriteRetries(() => this.#work());

  private constructor(path: string, lock: HubLock, options: HubJournalOptions) {
    this.#path = path;
    this.#lock = lock;
    this.#options = options;
    this.#files = options.files ?? nodeFiles;
  }

  /**
   * Locks a file, reads it into an empty store, and writes it as a new file. Creates a missing file.
   *
   * @throws {HubFileError} if the file is in use, damaged, not the file of a hub, or can't be read or written.
   */
  static async open(path: string, options: HubJournalOptions): Promise<HubJournal> {
    const lock = await HubLock.claim(path);
    const journal = new HubJournal(path, lock, options);
    try {
      await loadHubFile(path, options);
      await removeIncomplete(path, journal.#files);
      // Always write a new file: a stalled hub that lost its lock may still write to the old file.
      await journal.#rewrite();
      return journal;
    } catch (error) {
      await lock.release();
      throw error instanceof HubFileError ? error : journal.#unwritable(error);
    }
  }

  /** Why changes can't be written at the moment; `undefined` if they can. */
  get problem(): HubFileError | undefined {
    return this.#retries.problem;
  }

  /**
   * Stores a change that was made in memory. Call it before the next change is made.
   *
   * @throws {HubFileError} if the change can't be stored, or after {@link close}. Then this change and all later
   *   changes are undone.
   */
  async commit(change: StateChange): Promise<void> {
    if (this.#retries.isStopped) {
      change.undo();
      change.end();
      throw new HubFileError(this.#path, `${this.#path} cannot be written: the hub is closed; open a new hub.`);
    }
    const stored = this.#pending.add(change);
    this.#work();
    await stored;
  }

  /** Calls `read` while the store contains only the changes that are on disk. Does not access the disk. */
  read<T>(read: () => T): T {
    return this.#pending.without(read);
  }

  /** Stores pending changes, and releases the file. */
  async close(): Promise<void> {
    this.#retries.stop();
    try {
      await this.#working;
      if (this.problem !== undefined) throw this.problem;
      await this.#lock.require();
    } finally {
      await this.#abortCompaction();
      await this.#file?.close().catch(() => undefined);
      await this.#lock.release();
    }
  }

  #work(): void {
    if (this.#isWorking) return;
    this.#isWorking = true;
    this.#working = this.#writeAll();
  }

  async #writeAll(): Promise<void> {
    while (!this.#pending.isEmpty || this.#isCompactionReady || this.#retries.isDue) {
      try {
        if (!(await this.#file?.isAt(this.#path))) await this.#rewrite();
        else if (this.#isCompactionReady) await this.#switchInBackground();
        else if (this.#file !== undefined) await this.#append(this.#file);
        this.#retries.succeeded();
      } catch (error) {
        await this.#fail(error);
      }
    }
    this.#isWorking = false;
  }

  async #append(file: JournalFile): Promise<void> {
    await this.#lock.require();
    const { payload, count } = this.#pending.batch();
    // A batch of several frames needs a new file, because a rename is atomic and several appends are not.
    if (payload.length > MAX_PAYLOAD_BYTES - TRIAL_BYTES) return this.#rewrite();
    const isTrial = this.#retries.isDue && payload.length < TRIAL_BYTES;
    await file.append('changes', isTrial ? Buffer.concat([payload, Buffer.alloc(TRIAL_BYTES, '\n')]) : payload);
    await file.sync();
    // If another hub has taken over, it may have read the file before this batch.
    await this.#lock.require();
    this.#compaction?.mirror(payload);
    this.#pending.settle(count);
    if (file.length >= this.#compactAt && this.#compaction === undefined) this.#compactInBackground(file);
  }

  /** Writes the complete state, including pending changes, to a new file. */
  async #rewrite(): Promise<void> {
    await this.#lock.require();
    await this.#abortCompaction();
    const compaction = new Compaction(this.#path, this.#files);
    this.#compaction = compaction;
    try {
      await compaction.write(this.#snapshot());
      await this.#switchTo(compaction);
    } catch (error) {
      await this.#abortCompaction();
      throw error;
    }
  }

  #compactInBackground(file: JournalFile): void {
    const compaction = new Compaction(this.#path, this.#files);
    this.#compaction = compaction;
    // If this compaction fails, start the next one when the file has grown by the threshold again.
    this.#compactAt = file.length + this.#threshold;
    const end = (isReady: boolean): void => {
      // Ignore an aborted compaction, which has removed its file, and a compaction that ends after close().
      if (this.#compaction !== compaction || this.#retries.isStopped) return;
      if (!isReady) this.#compaction = undefined;
      this.#isCompactionReady = isReady;
      if (isReady) this.#work();
    };
    compaction.write(this.#snapshot()).then(end, () => end(false));
  }

  /** Switches to the file of a finished compaction. If this fails, the old file stays in use if possible. */
  async #switchInBackground(): Promise<void> {
    const compaction = this.#compaction;
    this.#isCompactionReady = false;
    if (compaction === undefined) return;
    await this.#switchTo(compaction).catch(async (error: unknown) => {
      await this.#abortCompaction();
      if (error instanceof HubFileError || this.#file === undefined) throw error;
    });
  }

  async #switchTo(compaction: Compaction): Promise<void> {
    const { payload, count } = this.#pending.batch({ isAll: true });
    const file = await compaction.complete(payload);
    await this.#lock.require();
    this.#compaction = undefined;
    const old = this.#file;
    try {
      await file.rename(this.#path);
      // The path no longer leads to the old file. If syncing the folder fails, the next write creates a new file.
      this.#file = undefined;
      await file.syncFolder();
      await this.#lock.require();
    } catch (error) {
      await file.discard();
      if (this.#file === undefined) await old?.close().catch(() => undefined);
      throw error;
    }
    await old?.close().catch(() => undefined);
    this.#file = file;
    this.#snapshotBytes = file.length;
    this.#compactAt = file.length + this.#threshold;
    this.#pending.settle(count);
  }

  async #fail(error: unknown): Promise<void> {
    const problem = error instanceof HubFileError ? error : this.#unwritable(error);
    await this.#abortCompaction();
    // After a failed write, cut off the incomplete frame. After other failures, close the file: its content is unknown.
    const isWriteError = (error as NodeJS.ErrnoException).syscall === 'write';
    if (this.#file !== undefined && !(isWriteError && (await this.#file.truncateToLastFrame()))) {
      await this.#file.close().catch(() => undefined);
      this.#file = undefined;
    }
    this.#pending.fail(problem);
    this.#retries.failed(problem);
  }

  async #abortCompaction(): Promise<void> {
    const compaction = this.#compaction;
    this.#compaction = undefined;
    this.#isCompactionReady = false;
    await compaction?.abort();
  }

  *#snapshot(): Generator<string> {
    const { store, clock } = this.#options;
    yield JSON.stringify(clock.stamp());
    yield* snapshotLines(store);
  }

  get #threshold(): number {
    return Math.max(this.#options.compactionBytes ?? COMPACTION_BYTES, this.#snapshotBytes);
  }

  #unwritable(cause: unknown): HubFileError {
    const reason = unwritable(this.#path, cause);
    return new HubFileError(this.#path, `${this.#path} cannot be written: ${reason}.`, { cause });
  }
}
