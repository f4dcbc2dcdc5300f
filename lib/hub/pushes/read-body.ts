import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { BodyShare } from './body-budget.js';
import { PushRefused } from './push-refused.js';

const unzip = promisify(gunzip);

/** Limits of a body. */
export interface BodyLimits {
  /** Maximum bytes of the body, and of the decompressed body. */
  readonly maxBytes: number;
  /** The share of the budget that the bytes count against. */
  readonly share: BodyShare;
}

/**
 * Reads the body of a request and decompresses gzip. The received body and the decompressed body have at most
 * `maxBytes` each.
 *
 * @throws {PushRefused} with status 413 if the body is too large, 415 for an unsupported encoding, 400 if the body is
 *   incomplete or not valid gzip, and 503 if the bodies of all requests together are too large.
 */
export async function readBody(request: IncomingMessage, { maxBytes, share }: BodyLimits): Promise<Buffer> {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'gzip' && encoding !== 'identity') {
    throw new PushRefused(415, `the body has the encoding ${JSON.stringify(encoding)}; expected gzip or no encoding.`);
  }
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const body = await collect(request, { maxBytes, share });
  if (encoding !== 'gzip') return body;
  // Decompress one body at a time, because the decompressed size is not known in advance.
  return share.runInOrder(async () => {
    const bytes = await unzipped(body, maxBytes);
    share.reserve(bytes.length);
    return bytes;
  });
}

async function collect(request: IncomingMessage, { maxBytes, share }: BodyLimits): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // A for-await loop would destroy the socket on an error, before the error response is sent.
  await new Promise<void>((resolve, reject) => {
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      try {
        if (size > maxBytes) throw tooLarge(maxBytes);
        share.reserve(chunk.length);
        chunks.push(chunk);
      } catch (error) {
        chunks.length = 0;
        request.off('data', onData);
        reject(error);
      }
    };
    request.on('data', onData);
    request.once('end', resolve);
    request.once('error', reject);
    request.once('close', () =>
      reject(new PushRefused(400, 'the connection was closed before the end of the body; push again.')),
    );
  });
  return Buffer.concat(chunks);
}

async function unzipped(body: Buffer, maxBytes: number): Promise<Buffer> {
  try {
    return await unzip(body, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes);
    throw new PushRefused(400, `the body cannot be decompressed: ${(error as Error).message}; expected gzip.`);
  }
}

function tooLarge(maxBytes: number): PushRefused {
  return new PushRefused(
    413,
    `the push is larger than ${maxBytes} bytes; push fewer metrics at a time, or raise --max-push-size.`,
  );
}
