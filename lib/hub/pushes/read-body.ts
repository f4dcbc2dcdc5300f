import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { BodyShare } from './body-budget.js';
import { PushRefused } from './push-refused.js';

const unzip = promisify(gunzip);

/** Limits of a body. */
export interface BodyLimits {
  /** Bytes of the body, and of the decompressed body. */
  readonly most: number;
  /** Takes the bytes as they arrive. */
  readonly share: BodyShare;
}

/**
 * Reads a request's body and decompresses gzip. Never keeps more than `most` bytes of either.
 *
 * @throws {PushRefused} with status 413 if the body is larger, 415 for another encoding, 400 if it is not gzip, 503 if the
 *   bodies of all requests are too large.
 */
export async function readBody(request: IncomingMessage, { most, share }: BodyLimits): Promise<Buffer> {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'gzip' && encoding !== 'identity') {
    throw new PushRefused(415, `the body is encoded as ${JSON.stringify(encoding)}; expected gzip or nothing.`);
  }
  if (Number(request.headers['content-length'] ?? 0) > most) throw tooLarge(most);
  const body = await collect(request, { most, share });
  if (encoding !== 'gzip') return body;
  // One at a time, because the size of a decompressed body is known only afterwards.
  return share.inTurn(async () => {
    const bytes = await unzipped(body, most);
    share.reserve(bytes.length);
    return bytes;
  });
}

async function collect(request: IncomingMessage, { most, share }: BodyLimits): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  // Not a for-await loop: leaving one would destroy the socket before the refusal has been sent.
  await new Promise<void>((resolve, reject) => {
    const take = (piece: Buffer): void => {
      size += piece.length;
      try {
        if (size > most) throw tooLarge(most);
        share.reserve(piece.length);
        pieces.push(piece);
      } catch (error) {
        pieces.length = 0;
        request.off('data', take);
        reject(error);
      }
    };
    request.on('data', take);
    request.once('end', resolve);
    request.once('error', reject);
    request.once('close', () => reject(new PushRefused(400, 'the body was broken off.')));
  });
  return Buffer.concat(pieces);
}

async function unzipped(body: Buffer, most: number): Promise<Buffer> {
  try {
    return await unzip(body, { maxOutputLength: most });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(most);
    throw new PushRefused(400, `the body cannot be unzipped: ${(error as Error).message}.`);
  }
}

function tooLarge(most: number): PushRefused {
  return new PushRefused(413, `the push is larger than ${most} bytes; push less, or raise --max-push-size.`);
}
