import { createHash, timingSafeEqual } from 'node:crypto';
import { ApiKeysError } from '../errors/errors.js';
import { WatchedFiles } from '../files/watched-files.js';

/** How to follow a file of API keys. */
export interface ApiKeysOptions {
  /** Told once of each change that cannot be taken; the keys from before stay in force. */
  readonly onProblem?: (error: ApiKeysError) => void;
  /** The least time between two looks at the file, in milliseconds; default 1000. */
  readonly lookMilliseconds?: number;
}

/** Visible characters of ASCII: what `Authorization` can carry. Source: RFC 9110 §11.6.2. */
const usable = /^[\x21-\x7e]+$/;

/**
 * The API keys a file lists, one a line; empty lines and those that begin with `#` are left out.
 *
 * Keys are kept and compared as SHA-256 digests, each time all of them, so that how long it takes tells nothing. The
 * file is looked at again, once a second at most, when somebody shows a key.
 */
export class ApiKeys {
  readonly #file: string;
  readonly #options: ApiKeysOptions;
  #files = new WatchedFiles();
  #digests: readonly Buffer[];
  #lookedAt = performance.now();

  /** @throws {ApiKeysError} when the file cannot be read, holds no key, or one that no client can send. */
  constructor(file: string, options: ApiKeysOptions = {}) {
    this.#file = file;
    this.#options = options;
    this.#digests = readDigests(file, this.#files);
  }

  /**
   * Tells whose key an `Authorization` header brings: a name for the key that gives nothing of it away, and stays the
   * same as long as the key does. Undefined when it brings none, or one that is not listed.
   */
  holderOf(authorization: string | undefined): string | undefined {
    this.#look();
    const [, shown] = /^bearer +([\x21-\x7e]+) *$/i.exec(authorization ?? '') ?? [];
    if (shown === undefined) return undefined;
    const digest = digestOf(shown);
    let found: Buffer | undefined;
    for (const known of this.#digests) if (timingSafeEqual(known, digest)) found = known;
    return found?.toString('hex', 0, 8);
  }

  #look(): void {
    const now = performance.now();
    if (now - this.#lookedAt < (this.#options.lookMilliseconds ?? 1_000)) return;
    this.#lookedAt = now;
    if (!this.#files.changed()) return;
    this.#files = new WatchedFiles();
    try {
      this.#digests = readDigests(this.#file, this.#files);
    } catch (error) {
      if (!(error instanceof ApiKeysError)) throw error;
      this.#options.onProblem?.(error);
    }
  }
}

/**
 * The one key a file holds, in the same form.
 *
 * @throws {ApiKeysError} when the file cannot be read, or does not hold one key.
 */
export function readApiKey(file: string): string {
  const [key, ...more] = readKeys(file, new WatchedFiles());
  if (key !== undefined && more.length === 0) return key;
  throw new ApiKeysError(`the file holds ${more.length + 1} keys; expected one.`, { file });
}

function readDigests(file: string, files: WatchedFiles): readonly Buffer[] {
  return readKeys(file, files).map(digestOf);
}

function readKeys(file: string, files: WatchedFiles): readonly string[] {
  const lines = textOf(file, files).split(/\r\n?|\n/);
  const keys = lines.flatMap((text, place) => {
    const key = text.trim();
    if (key === '' || key.startsWith('#')) return [];
    if (usable.test(key)) return [key];
    throw new ApiKeysError('this key has a space or a character beyond ASCII; expected one key a line.', {
      file,
      line: place + 1,
    });
  });
  if (keys.length > 0) return keys;
  throw new ApiKeysError('the file holds no key; expected one a line.', { file });
}

function textOf(file: string, files: WatchedFiles): string {
  try {
    return files
      .read(file)
      .toString('utf8')
      .replace(/^\uFEFF/, '');
  } catch (cause) {
    throw new ApiKeysError(`the file of API keys ${(cause as Error).message}.`, { file, cause });
  }
}

function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
