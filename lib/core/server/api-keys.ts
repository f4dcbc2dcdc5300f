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

/** An accepted API key, without the key itself. */
export interface ApiKey {
  /** Identifies the key without revealing it. The same key always has the same ID. */
  readonly id: string;
  /** The name in the file. Several keys can have the same name. `undefined` if the key has no name. */
  readonly name: string | undefined;
}

/** Visible ASCII characters, which `Authorization` can contain. Source: RFC 9110 §11.6.2. */
const validKey = /^[\x21-\x7e]+$/;
const validName = /^[\x21-\x7e]{1,64}$/;
const namePrefix = 'name=';

/**
 * The API keys in a file with one key per line. Empty lines and lines that start with `#` are ignored. A key can have a
 * name of 1 to 64 visible ASCII characters: `sk-123 name=acme`. A name is not secret.
 *
 * Keys are stored and compared as SHA-256 digests. Each check compares all of them, so its duration reveals nothing.
 * When a key is checked, a changed file is read again, at most once per second.
 */
export class ApiKeys {
  readonly #file: string;
  readonly #options: ApiKeysOptions;
  #files = new WatchedFiles();
  #keys: readonly StoredKey[];
  #checkedAt = performance.now();

  /**
   * @throws {ApiKeysError} if the file cannot be read, contains no key, or contains an invalid line, such as a key that
   * no client can send.
   */
  constructor(file: string, options: ApiKeysOptions = {}) {
    this.#file = file;
    this.#options = options;
    this.#keys = storedKeys(readLines(file, this.#files));
  }

  /**
   * Returns an ID for the key in an `Authorization` header; `undefined` if the header has no key or an unknown one.
   *
   * The ID does not reveal the key, and the same key always has the same ID.
   */
  holderOf(authorization: string | undefined): string | undefined {
    return this.keyOf(authorization)?.id;
  }

  /** Returns the key in an `Authorization` header; `undefined` if the header has no key or an unknown one. */
  keyOf(authorization: string | undefined): ApiKey | undefined {
    this.#reloadIfChanged();
    const [, key] = /^bearer +([\x21-\x7e]+) *$/i.exec(authorization ?? '') ?? [];
    if (key === undefined) return undefined;
    const digest = digestOf(key);
    let found: StoredKey | undefined;
    for (const known of this.#keys) if (timingSafeEqual(known.digest, digest)) found = known;
    return found === undefined ? undefined : { id: found.digest.toString('hex', 0, 8), name: found.name };
  }

  /** The names of the keys, each once, in the order of the file. */
  get names(): readonly string[] {
    return [...new Set(this.#keys.flatMap(({ name }) => name ?? []))];
  }

  #reloadIfChanged(): void {
    const now = performance.now();
    if (now - this.#checkedAt < (this.#options.lookMilliseconds ?? 1_000)) return;
    this.#checkedAt = now;
    if (!this.#files.changed()) return;
    this.#files = new WatchedFiles();
    try {
      this.#keys = storedKeys(readLines(this.#file, this.#files));
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
  const [first, ...more] = readLines(file, new WatchedFiles());
  if (first !== undefined && more.length === 0) return first.key;
  throw new ApiKeysError(`the file contains ${more.length + 1} keys; expected exactly one.`, { file });
}

/** A key in memory. */
interface StoredKey {
  readonly digest: Buffer;
  readonly name: string | undefined;
}

/** A line of the file with a key. */
interface KeyLine {
  readonly key: string;
  readonly name: string | undefined;
  readonly file: string;
  readonly line: number;
}

function storedKeys(lines: readonly KeyLine[]): readonly StoredKey[] {
  const byKey = new Map<string, KeyLine>();
  for (const one of lines) {
    const { file, line } = one;
    const earlier = byKey.get(one.key) ?? one;
    if (earlier.name !== one.name) {
      const problem = `this key has another name in line ${earlier.line}; expected one name per key.`;
      throw new ApiKeysError(problem, { file, line });
    }
    byKey.set(one.key, earlier);
  }
  return [...byKey.values()].map(({ key, name, file, line }) => {
    if (name === undefined || !byKey.has(name)) return { digest: digestOf(key), name };
    const problem = 'the name of this key is a key of the file; names are public, so choose another one.';
    throw new ApiKeysError(problem, { file, line });
  });
}

function readLines(file: string, files: WatchedFiles): readonly KeyLine[] {
  const texts = textOf(file, files).split(/\r\n?|\n/);
  const lines = texts.flatMap((text, index) => {
    const content = text.trim();
    return content === '' || content.startsWith('#') ? [] : [readLine(content, { file, line: index + 1 })];
  });
  if (lines.length > 0) return lines;
  throw new ApiKeysError('the file contains no key; expected one key per line.', { file });
}

/** Its error messages contain no text of the line, because it can be a key. */
function readLine(content: string, place: { readonly file: string; readonly line: number }): KeyLine {
  const space = content.search(/[ \t]/);
  const key = space === -1 ? content : content.slice(0, space);
  const rest = space === -1 ? '' : content.slice(space).trim();
  if (!validKey.test(key)) {
    const problem = 'this key contains a character that is not visible ASCII; expected one key per line.';
    throw new ApiKeysError(problem, place);
  }
  if (rest === '') return { key, name: undefined, ...place };
  if (!rest.startsWith(namePrefix)) {
    const problem =
      'this line contains a space; expected one key per line, with name=NAME after it if the key has a name.';
    throw new ApiKeysError(problem, place);
  }
  const name = rest.slice(namePrefix.length);
  if (validName.test(name)) return { key, name, ...place };
  const problem = 'the name of this key is not valid; expected 1 to 64 visible ASCII characters without spaces.';
  throw new ApiKeysError(problem, place);
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
