import { basename, dirname } from 'node:path';

/** Describes why a file cannot be written, and how to fix it. The text continues a sentence that names the file. */
export function unwritable(file: string, cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  const folder = dirname(file);
  switch (code) {
    case 'ENOENT':
      return `the folder ${folder} does not exist; create it, or choose another path`;
    case 'ENOTDIR':
      return `${folder} is not a folder; choose another path`;
    case 'EISDIR':
      return `${basename(file)} is a folder; choose the path of a file`;
    case 'EACCES':
    case 'EPERM':
      return `this user cannot write to the folder ${folder}; change its permissions, or choose another path`;
    case 'EROFS':
      return `the file system of ${folder} is read-only; choose another path`;
    case 'ENOSPC':
    case 'EDQUOT':
      return 'there is no space left; free some space, or choose another path';
    default:
      return message;
  }
}
