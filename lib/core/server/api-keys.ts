import { createHash, timingSafeEqual } from 'node:crypto';
import { ApiKeysError } from '../errors/errors.js';
import { WatchedFiles } from '../files/watched-files.js';

/** Options of {@link ApiKeys}. */
export interface ApiKeysOptions {
  /** Called once for each invalid change of the file. The previous keys stay valid. */
  readonly onProblem?: (error: ApiKeysError) => void;
  /** Minimum time between two checks of the file, in milliseconds; default 1000. */
  readonly lookMilliseconds?: number;
}

/** Visible ASCII characters, which `Authorization` can contain. Source: RFC 9110 §11.6.2. */
const validKey = /^[\x21-\x7e]+$/;

/**
 * The API keys in a file with one key per line. Empty lines and lines that start with `#` are ignored.
 *
 * Keys are stored and compared as SHA-256 digests. Each check compares all of them, so its duration reveals nothing.
 * When a key is checked, a changed file is read again, at most once per second.
 */
export class ApiKeys {
  readonly #file: string;
  readonly #options: ApiKeysOptions;
  #files = new WatchedFiles();
  #digests: readonly Buffer[];
  #checkedAt = performance.now();

  /** @throws {ApiKeysError} if the file cannot be read, contains no key, or contains a key that no client can send. */
  constructor(file: string, options: ApiKeysOptions = {}) {
    this.#file = file;
    this.#options = options;
    this.#digests = readDigests(file, this.#files);
  }

  /**
   * Returns an ID for the key in an `Authorization` header; `undefined` if the header has no key or an unknown one.
   *
   * The ID does not reveal the key, and the same key always has the same ID.
   */
  holderOf(authorization: string | undefined): string | undefined {
    this.#reloadIfChanged();
    const [, key] = /^bearer +([\x21-\x7e]+) *$/i.exec(authorization ?? '') ?? [];
    if (key === undefined) return undefined;
    const digest = digestOf(key);
    let found: Buffer | undefined;
    for (const known of this.#digests) if (timingSafeEqual(known, digest)) found = known;
    return found?.toString('hex', 0, 8);
  }

  #reloadIfChanged(): void {
    const now = performance.now();
    if (now - this.#checkedAt < (this.#options.lookMilliseconds ?? 1_000)) return;
    this.#checkedAt = now;
    if (!this.#files.changed()) return;
    this.#files = new WatchedFiles();
    try {
      this.#digests = readDigests(this.#file, this.#files);
    } catch (error) {
      if (!(error instanceof ApiKeysError)) throw error;
      error.message += ' The previous keys stay valid.';
      this.#options.onProblem?.(error);
    }
  }
}

/**
 * Reads a file with exactly one key, in the format of {@link ApiKeys}.
 *
 * @throws {ApiKeysError} if the file cannot be read, or does not contain exactly one key.
 */
export function readApiKey(file: string): string {
  const [key, ...more] = readKeys(file, new WatchedFiles());
  if (key !== undefined && more.length === 0) return key;
  throw new ApiKeysError(`the file contains ${more.length + 1} keys; expected exactly one.`, { file });
}

function readDigests(file: string, files: WatchedFiles): readonly Buffer[] {
  return readKeys(file, files).map(digestOf);
}

function readKeys(file: string, files: WatchedFiles): readonly string[] {
  const lines = textOf(file, files).split(/\r\n?|\n/);
  const keys = lines.flatMap((text, index) => {
    const key = text.trim();
    if (key === '' || key.startsWith('#')) return [];
    if (validKey.test(key)) return [key];
    throw new ApiKeysError('this key contains a space or a non-ASCII character; expected one key per line.', {
      file,
      line: index + 1,
    });
  });
  if (keys.length > 0) return keys;
  throw new ApiKeysError('the file contains no key; expected one key per line.', { file });
}

function textOf(file: string, files: WatchedFiles): string {
  try {
    return files
      .read(file)
      .toString('utf8')
      .replace(/^\uFEFF/, '');
  } catch (cause) {
    throw new ApiKeysError(`the API key file ${(cause as Error).message}.`, { file, cause });
  }
}

function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
