import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FileLock, lockFile, replaceFile } from 'tinyllm/configuration';
import { SessionError, StoreError } from '../errors/store-errors.js';
import type { ConversationStore } from './conversation-store.js';
import { type Exchange, type ExchangeBounds, latestExchanges, readExchange, writeExchange } from './exchange.js';
import { sessionFile, sessionIn } from './session-name.js';

/** The folder of the conversation files, and their limits. */
export interface ConversationFilesOptions {
  readonly folder: string;
  readonly bounds: ExchangeBounds;
  /**
   * How long to wait for the lock of a session file, in milliseconds. Default: 2,000. If the lock belongs to another
   * container or host, the store first checks for up to 10 s whether the lock is still in use.
   */
  readonly lockMilliseconds?: number | undefined;
}

/**
 * Stores conversations in a folder: one file per session, one line of JSON per exchange. Only the owner can read the
 * files.
 *
 * Each write replaces the whole file under a lock. A corrupted file is never rewritten, only deleted by
 * `clear`. Reading it throws a `SessionError` with the line number.
 */
export class ConversationFiles implements ConversationStore {
  readonly name = 'disk';
  readonly #folder: string;
  readonly #bounds: ExchangeBounds;
  readonly #lockMilliseconds: number;

  constructor({ folder, bounds, lockMilliseconds = 2000 }: ConversationFilesOptions) {
    this.#folder = folder;
    this.#bounds = bounds;
    this.#lockMilliseconds = lockMilliseconds;
  }

  async load(session: string): Promise<readonly Exchange[]> {
    const file = this.#fileOf(session);
    return readExchanges(file, await this.#attempt('load', file, () => read(file)));
  }

  async append(session: string, exchange: Exchange): Promise<void> {
    const file = this.#fileOf(session);
    await this.#locked('append', file, async (confirm) => {
      const exchanges = [...readExchanges(file, await read(file)), exchange];
      const lines = latestExchanges(exchanges, this.#bounds).map((one) => `${writeExchange(one)}\n`);
      await replaceFile(file, { text: lines.join(''), temporary: `${file}.tmp`, mode: 0o600, confirm });
    });
  }

  async clear(session: string): Promise<boolean> {
    const file = this.#fileOf(session);
    return this.#locked('clear', file, async (confirm) => {
      const existed = (await read(file)) !== undefined;
      await confirm();
      await rm(file, { force: true });
      return existed;
    });
  }

  async list(): Promise<readonly string[]> {
    const files = await this.#attempt('list', this.#folder, () => unlessMissing(readdir(this.#folder)));
    return (files ?? [])
      .map(sessionIn)
      .filter((name) => name !== undefined)
      .sort();
  }

  async close(): Promise<void> {}

  #fileOf(session: string): string {
    return join(this.#folder, sessionFile(session));
  }

  /**
   * Runs work under the file's lock. The work calls `confirm` before each change. `confirm` rejects if the lock was
   * lost.
   */
  async #locked<Result>(
    operation: string,
    file: string,
    work: (confirm: () => Promise<void>) => Promise<Result>,
  ): Promise<Result> {
    return this.#attempt(operation, file, async () => {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      const lock = await this.#claim(operation, file);
      const confirm = async (): Promise<void> => {
        if (await lock.isHeld()) return;
        throw this.#failure(
          operation,
          file,
          'another process has taken over the lock of the file, because this process stalled',
        );
      };
      try {
        return await work(confirm);
      } finally {
        await lock.release();
      }
    });
  }

  async #claim(operation: string, file: string): Promise<FileLock> {
    const end = performance.now() + this.#lockMilliseconds;
    for (;;) {
      const claimed = await lockFile(file);
      if ('release' in claimed) return claimed;
      if (performance.now() > end) {
        throw this.#failure(
          operation,
          file,
          `process ${claimed.heldBy} holds the lock ${claimed.lock}; try again later`,
        );
      }
      // A random delay, so that waiting processes do not retry at the same moment.
      await sleep(5 + Math.random() * 20);
    }
  }

  /** Converts errors of the file system to a `StoreError`. */
  async #attempt<Result>(operation: string, file: string, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (cause) {
      if (cause instanceof StoreError || cause instanceof SessionError) throw cause;
      throw this.#failure(operation, file, (cause as Error).message, cause);
    }
  }

  #failure(operation: string, file: string, problem: string, cause?: unknown): StoreError {
    const facts = { store: this.name, operation, ...(cause === undefined ? {} : { cause }) };
    const action = operation === 'append' ? 'append to' : operation;
    return new StoreError(`Cannot ${action} ${file}: ${problem}.`, facts);
  }
}

/** Returns undefined if the file does not exist. */
function read(file: string): Promise<string | undefined> {
  return unlessMissing(readFile(file, 'utf8'));
}

async function unlessMissing<Result>(reading: Promise<Result>): Promise<Result | undefined> {
  return reading.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

function readExchanges(file: string, text: string | undefined): Exchange[] {
  const lines = text === undefined || text === '' ? [] : text.replace(/\n$/, '').split('\n');
  return lines.map((line, index) => {
    const exchange = readExchange(line);
    if (exchange !== undefined) return exchange;
    throw new SessionError(
      `${file}:${index + 1} is not an exchange of a conversation; expected {"at": "…", "question": "…", "answer": "…"}. Repair the line, or delete the file to clear the session.`,
    );
  });
}
