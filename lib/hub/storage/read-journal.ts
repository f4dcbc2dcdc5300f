import type { FileHandle } from 'node:fs/promises';
import { HubFileError } from '../errors/hub-errors.js';
import { containsHeader, decodeHeader, FILE_HEADER, FRAME_HEADER_BYTES, isPayload } from './journal-frame.js';

/** Bytes that are searched at a time for a header. */
const SEARCH_BYTES = 1_048_576;

/**
 * Reads the lines of a file of version 2, frame by frame.
 *
 * After a crash or power loss, the last batch of changes can be incomplete or contain zeros. The hub has not
 * acknowledged such a batch, so it is ignored. Each batch is on disk before the next batch is written. Damage before
 * the last batch therefore has another cause, and is an error.
 *
 * @throws {HubFileError} if the file is damaged. The message contains the offset.
 */
export async function readJournal(
  file: string,
  { handle, onLine }: { readonly handle: FileHandle; readonly onLine: (line: string) => void },
): Promise<void> {
  const { size } = await handle.stat();
  let position = FILE_HEADER.length;
  let chain = 0;
  let isComplete = false;
  while (position < size) {
    const bytes = await readAt(handle, position, FRAME_HEADER_BYTES);
    const header = decodeHeader(bytes, chain);
    const start = position;
    const isTorn = (part: Buffer, end: number): boolean =>
      isComplete && (end > size || (end === size && part.includes(0)));
    if (header === undefined) {
      // The length of the batch is unknown. It is the last batch if no other header follows.
      const end = (await hasHeader(handle, start + 1, size)) ? start : size;
      if (isTorn(bytes, bytes.length < FRAME_HEADER_BYTES ? size + 1 : end)) return;
      throw damaged(file, start, bytes.length < FRAME_HEADER_BYTES ? 'its snapshot is incomplete' : undefined);
    }
    position += FRAME_HEADER_BYTES;
    const payload = await readAt(handle, position, Math.min(header.length, size - position));
    if (!isPayload(payload, header)) {
      if (isTorn(payload, position + header.length)) return;
      throw damaged(file, start, payload.length < header.length ? 'its snapshot is incomplete' : undefined);
    }
    position += header.length;
    chain = header.chain;
    if (header.kind === 'complete') isComplete = true;
    for (const line of linesOf(payload)) onLine(line);
  }
  if (!isComplete) throw damaged(file, position, 'its snapshot is incomplete');
}

/** Splits a payload into lines. The complete payload can be longer than the longest possible string. */
function* linesOf(payload: Buffer): Generator<string> {
  let start = 0;
  while (start < payload.length) {
    const found = payload.indexOf(10, start);
    const end = found === -1 ? payload.length : found;
    if (end > start) yield payload.toString('utf8', start, end);
    start = end + 1;
  }
}

/** Whether the file contains the header of a frame at or after a position. */
async function hasHeader(handle: FileHandle, from: number, size: number): Promise<boolean> {
  for (let position = from; position < size; position += SEARCH_BYTES) {
    // A header can span two parts, so the parts overlap by the length of a header.
    if (containsHeader(await readAt(handle, position, SEARCH_BYTES + FRAME_HEADER_BYTES))) return true;
  }
  return false;
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

function damaged(file: string, offset: number, problem = 'a checksum does not match'): HubFileError {
  return new HubFileError(
    file,
    `${file} is not a valid hub file: ${problem} (byte ${offset}); restore it from a backup, or move it away to start empty.`,
  );
}
