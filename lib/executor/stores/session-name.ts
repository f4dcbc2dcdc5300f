import { SessionError } from '../errors/store-errors.js';

/** The longest name in its safe form; file systems take 255 bytes, and some are for the endings. */
const maxLength = 200;

const ending = '.jsonl';

/**
 * Gives the file a session is kept in.
 *
 * What is neither a small letter, a digit, `-` nor `_` is written as `%` and two digits for each of its bytes (as in
 * RFC 3986), so that no name leaves the folder and no two meet where capitals do not count.
 *
 * @throws {SessionError} when no session can have that name.
 */
export function sessionFile(name: string): string {
  const safe = [...Buffer.from(name)]
    .map((byte) => String.fromCharCode(byte))
    .map((letter) => (/[a-z0-9_-]/.test(letter) ? letter : `%${hexadecimal(letter)}`))
    .join('');
  if (name.trim() !== '' && !/\p{Cc}/u.test(name) && name.isWellFormed() && safe.length <= maxLength) {
    return `${safe}${ending}`;
  }
  throw new SessionError(
    `A session's name got ${JSON.stringify(name.slice(0, 100))}; expected a short text without line breaks, such as support-42.`,
  );
}

/** Gives the session that is kept in a file, or undefined when that is no session's. */
export function sessionIn(file: string): string | undefined {
  if (!file.endsWith(ending)) return undefined;
  try {
    const name = decodeURIComponent(file.slice(0, -ending.length));
    return sessionFile(name) === file ? name : undefined;
  } catch {
    return undefined;
  }
}

function hexadecimal(letter: string): string {
  return letter.charCodeAt(0).toString(16).padStart(2, '0');
}
