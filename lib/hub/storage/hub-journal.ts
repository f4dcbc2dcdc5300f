import { unwritable } from 'tinyllm/configuration';
import { HubFileError } from '../errors/hub-errors.js';
import type { StateChange } from '../sums/state-change.js';
import { Compaction, removeIncomplete } from './compaction.js';
import { HubLock } from './hub-lock.js';
import { type HubFiles, type JournalFile, nodeFiles } from './journal-file.js';
import { MOST_PAYLOAD_BYTES } from './journal-frame.js';
import { type LoadTarget, loadHubFile } from './load-hub-file.js';
import { PendingChanges } from './pending-changes.js';
import { snapshotLines } from './state-lines.js';
import { WriteRetries } from './write-retries.js';

/** Bytes of changes from which on a new snapshot is written, unless the last snapshot was larger. */
const COMPACTION_BYTES = 4 * 1024 ** 2;
/** Bytes of a trial write. It is this large because a full disk often has room for a few bytes. */
const ATTEMPT_BYTES = 16 * 1024;

/** How to open a journal. */
export interface HubJournalOptions extends LoadTarget {
  /** File operations; default those of Node. */
  readonly files?: HubFiles | undefined;
  /** Bytes of changes from which on a new snapshot is written, unless the last snapshot was larger; default 4 MiB. */
  readonly compactionBytes?: number | undefined;
}

/**
 * A hub's file: a snapshot, followed by the changes since then.
 *
 * A change is on disk before it is acknowledged. Changes that arrive during a write share the next one. The file belongs to
 * one hub only.
 */
export class HubJournal {
  readonly #path: string;
  readonly #lock: HubLock;
  readonly #options: HubJournalOptions;
  readonly #files: HubFiles;
  readonly #pending = new PendingChanges();
  #file: JournalFile | undefined;
  /** Bytes of the file's snapshot. */
  #snapshotBytes = 0;
  /** At this length of the file, the next compaction starts. */
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
   * @throws {HubFileError} if the file is in use, damaged, not a hub's, or can't be read or written.
   */
  static async open(path: string, options: HubJournalOptions): Promise<HubJournal> {
    const lock = await HubLock.claim(path);
    const journal = new HubJournal(path, lock, options);
    try {
      await loadHubFile(path, options);
      await removeIncomplete(path, journal.#files);
      // Always a new file: a stalled hub that lost its lock may still write to the old one.
      await journal.#rewrite();
      return journal;
    } catch (error) {
      await lock.release();
      throw error instanceof HubFileError ? error : journal.#unwritable(error);
    }
  }

  /** Why changes can't be written at the moment; undefined if they can. */
  get problem(): HubFileError | undefined {
    return this.#retries.problem;
  }

  /**
   * Stores a change that was made in memory. To be called before any other change is made.
   *
   * @throws {HubFileError} if it can't be stored, or after {@link close}. Then it, and all changes after it, have been taken back.
   */
  async commit(change: StateChange): Promise<void> {
    if (this.#retries.isStopped) {
      change.undo();
      change.end();
      throw new HubFileError(this.#path, `${this.#path} is not written: the hub is closed; open a new one.`);
    }
    const stored = this.#pending.add(change);
    this.#work();
    await stored;
  }

  /** Reads the store as it is on disk, without waiting for the disk. */
  read<T>(read: () => T): T {
    return this.#pending.without(read);
  }

  /** Stores what is left and releases the file. */
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
    // Only a new file can have a batch in several frames: it has all of them or none.
    if (payload.length > MOST_PAYLOAD_BYTES - ATTEMPT_BYTES) return this.#rewrite();
    const attempt = this.#retries.isDue && payload.length < ATTEMPT_BYTES;
    await file.append('changes', attempt ? Buffer.concat([payload, Buffer.alloc(ATTEMPT_BYTES, '\n')]) : payload);
    await file.sync();
    // Another hub that has taken over may have read the file before this batch.
    await this.#lock.require();
    this.#compaction?.mirror(payload);
    this.#pending.settle(count);
    if (file.length >= this.#compactAt && this.#compaction === undefined) this.#compactInBackground(file);
  }

  /** Writes all that is in memory to a new file, with the pending changes. */
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
    // After a failure, not before the file has grown as much again.
    this.#compactAt = file.length + this.#threshold;
    const end = (isReady: boolean): void => {
      // An aborted compaction has removed its file; close() aborts one that becomes ready later.
      if (this.#compaction !== compaction || this.#retries.isStopped) return;
      if (!isReady) this.#compaction = undefined;
      this.#isCompactionReady = isReady;
      if (isReady) this.#work();
    };
    compaction.write(this.#snapshot()).then(end, () => end(false));
  }

  /** A compaction that fails must not make the changes fail: the old file is still there. */
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
      // The old file has lost its name. If the new name may not be on the disk either, a further file must be written.
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
    // After a failed sync, the content of the file is unknown; only a new file is certain.
    const isCertain = (error as NodeJS.ErrnoException).syscall === 'write';
    if (this.#file !== undefined && !(isCertain && (await this.#file.cutBack()))) {
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
