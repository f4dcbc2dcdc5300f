import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { PushRefused } from './push-refused.js';

const unzip = promisify(gunzip);

/**
 * Reads a request's body and decompresses gzip. Never keeps more than `most` bytes of either.
 *
 * @throws {PushRefused} with status 413 if the body is larger, 415 for another encoding, 400 if it is not gzip.
 */
export async function readBody(request: IncomingMessage, most: number): Promise<Buffer> {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'gzip' && encoding !== 'identity') {
    throw new PushRefused(415, `the body is encoded as ${JSON.stringify(encoding)}; expected gzip or nothing.`);
  }
  if (Number(request.headers['content-length'] ?? 0) > most) throw tooLarge(most);
  const body = await collect(request, most);
  return encoding === 'gzip' ? await unzipped(body, most) : body;
}

async function collect(request: IncomingMessage, most: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  // Not a for-await loop: leaving one would destroy the socket before the refusal has been sent.
  await new Promise<void>((resolve, reject) => {
    const take = (piece: Buffer): void => {
      size += piece.length;
      if (size <= most) pieces.push(piece);
      else {
        request.off('data', take);
        reject(tooLarge(most));
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
