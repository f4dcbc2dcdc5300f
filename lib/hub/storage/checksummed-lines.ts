import { createHash } from 'node:crypto';

const HEADER = 'tinyllm-hub 1';

/** Frames lines with a header, which names the version, and a checksum at the end. */
export function sealLines(lines: readonly string[]): string {
  const text = [HEADER, ...lines].map((line) => `${line}\n`).join('');
  return `${text}sha256 ${hash(text)}\n`;
}

/** Takes the frame off again; a text that is not whole gives what is wrong with it instead. */
export function openLines(text: string): readonly string[] | { readonly problem: string } {
  const [header = '', ...rest] = text.split('\n', 1);
  if (!/^tinyllm-hub \d+$/.test(header) || rest.length > 0) return { problem: 'it was not written by a hub' };
  if (header !== HEADER) return { problem: `it is of another version (${header}; expected ${HEADER})` };
  const end = text.lastIndexOf('\nsha256 ') + 1;
  const body = text.slice(0, end);
  if (end === 0 || text.slice(end) !== `sha256 ${hash(body)}\n`) return { problem: 'it is torn or was changed' };
  return body.split('\n').slice(1, -1);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
