import { SessionError } from '../errors/store-errors.js';

/**
 * The maximum length of an encoded name. File systems allow 255 bytes for a file name. The remaining bytes are for
 * extensions such as `.jsonl.lock`.
 */
const maxLength = 200;

const extension = '.jsonl';

/**
 * Returns the file name of a session.
 *
 * Lower-case letters, digits, `-` and `_` are unchanged. All other bytes are percent-encoded (RFC 3986). No name can
 * therefore leave the folder, and no two names use the same file on a file system that ignores case.
 *
 * @throws {SessionError} if the session name is invalid.
 */
export function sessionFile(name: string): string {
  const safe = [...Buffer.from(name)]
    .map((byte) => String.fromCharCode(byte))
    .map((letter) => (/[a-z0-9_-]/.test(letter) ? letter : `%${hexadecimal(letter)}`))
    .join('');
  if (name.trim() !== '' && !/\p{Cc}/u.test(name) && name.isWellFormed() && safe.length <= maxLength) {
    return `${safe}${extension}`;
  }
  throw new SessionError(
    `The session name is ${JSON.stringify(name.slice(0, 100))}; expected a short text without line breaks, such as support-42.`,
  );
}

/** Returns the session name of a file, or undefined for other files. */
export function sessionIn(file: string): string | undefined {
  if (!file.endsWith(extension)) return undefined;
  try {
    const name = decodeURIComponent(file.slice(0, -extension.length));
    return sessionFile(name) === file ? name : undefined;
  } catch {
    return undefined;
  }
}

function hexadecimal(letter: string): string {
  return letter.charCodeAt(0).toString(16).padStart(2, '0');
}
