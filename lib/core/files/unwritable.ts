import { basename, dirname } from 'node:path';

/** Why a file cannot be written, and what to do about it, as the end of a sentence that has named the file. */
export function unwritable(file: string, cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  const folder = dirname(file);
  switch (code) {
    case 'ENOENT':
      return `the folder ${folder} does not exist; create it, or name a file elsewhere`;
    case 'ENOTDIR':
      return `${folder} is no folder; name a file elsewhere`;
    case 'EISDIR':
      return `${basename(file)} is a folder; name a file`;
    case 'EACCES':
    case 'EPERM':
      return `this user may not write to the folder ${folder}; change its permissions, or name a file elsewhere`;
    case 'EROFS':
      return `the file system of ${folder} is read-only; name a file elsewhere`;
    case 'ENOSPC':
    case 'EDQUOT':
      return 'there is no space left; make room, or name a file elsewhere';
    default:
      return message;
  }
}
