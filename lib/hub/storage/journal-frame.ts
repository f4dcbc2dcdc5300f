import { crc32 } from 'node:zlib';

/** The content of a frame: a part of the snapshot, its last part, or a batch of changes. */
export type FrameKind = 'snapshot' | 'complete' | 'changes';

/** The first line of a file. */
export const FILE_HEADER = 'tinyllm-hub 2\n';

const LETTERS: Readonly<Record<FrameKind, string>> = { snapshot: 's', complete: 'e', changes: 'c' };
const HEADER = /^([sec]) ([0-9a-f]{8}) ([0-9a-f]{8}) ([0-9a-f]{8})\n$/;
/** Maximum size of a payload: 1 GiB. */
export const MAX_PAYLOAD_BYTES = 1024 ** 3;
/** Length of a header: `KIND LENGTH CHECKSUM CHECKSUM` and a line feed. */
export const FRAME_HEADER_BYTES = 29;

/** Matches a frame header. It matches nothing in a payload, because each line there is JSON and ends with a brace. */
const ANY_HEADER = /[sec] [0-9a-f]{8} [0-9a-f]{8} [0-9a-f]{8}\n/;

/** The header of a frame. */
export interface FrameHeader {
  readonly kind: FrameKind;
  /** Length of the payload in bytes. */
  readonly length: number;
  readonly payloadChecksum: number;
  /** CRC-32 of this header and all previous headers, which detects missing frames. */
  readonly chain: number;
}

/**
 * Encodes a frame. Returns its bytes, and the chain for the next frame.
 *
 * @throws {RangeError} if the payload is larger than {@link MAX_PAYLOAD_BYTES}.
 */
export function encodeFrame(kind: FrameKind, payload: Buffer, chain: number): { bytes: Buffer; chain: number } {
  if (payload.length > MAX_PAYLOAD_BYTES) {
    throw new RangeError(
      `a batch of ${payload.length} bytes is larger than a frame can be (${MAX_PAYLOAD_BYTES} bytes); push less at a time`,
    );
  }
  const start = `${LETTERS[kind]} ${hex(payload.length)} ${hex(crc32(payload))} `;
  const next = crc32(start, chain);
  return { bytes: Buffer.concat([Buffer.from(`${start}${hex(next)}\n`), payload]), chain: next };
}

/**
 * Decodes a header. Returns `undefined` if it is damaged, its payload is too large, or a frame is missing before it.
 */
export function decodeHeader(bytes: Buffer, chain: number): FrameHeader | undefined {
  const [text, letter, length = '', payloadChecksum = '', own = ''] = HEADER.exec(bytes.toString('latin1')) ?? [];
  if (text === undefined || crc32(text.slice(0, -9), chain) !== Number.parseInt(own, 16)) return undefined;
  if (Number.parseInt(length, 16) > MAX_PAYLOAD_BYTES) return undefined;
  const kind = letter === 's' ? 'snapshot' : letter === 'e' ? 'complete' : 'changes';
  return {
    kind,
    length: Number.parseInt(length, 16),
    payloadChecksum: Number.parseInt(payloadChecksum, 16),
    chain: Number.parseInt(own, 16),
  };
}

/** Whether a part of a file contains the header of a frame. */
export function containsHeader(bytes: Buffer): boolean {
  return ANY_HEADER.test(bytes.toString('latin1'));
}

/** Splits lines into payloads of up to this number of bytes. A longer line becomes one payload. */
export function* splitLines(lines: Buffer, bytes: number): Generator<Buffer> {
  let start = 0;
  while (lines.length - start > bytes) {
    const fitting = lines.lastIndexOf(10, start + bytes - 1);
    const last = fitting >= start ? fitting : lines.indexOf(10, start + bytes);
    if (last === -1) break;
    yield lines.subarray(start, last + 1);
    start = last + 1;
  }
  yield lines.subarray(start);
}

/** Whether a payload has the length and the checksum of its header. */
export function isPayload(payload: Buffer, { length, payloadChecksum }: FrameHeader): boolean {
  return payload.length === length && crc32(payload) === payloadChecksum;
}

function hex(number: number): string {
  return number.toString(16).padStart(8, '0');
}
