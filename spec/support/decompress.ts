import zlib from 'node:zlib';
import type { ContentEncoding } from '../../lib/core/formats/negotiate-encoding.js';

/** Decompresses a body. Node 20 can't decompress zstd. */
export function decompress(body: Buffer, encoding: ContentEncoding): Buffer {
  const { zstdDecompressSync } = zlib as { readonly zstdDecompressSync?: (bytes: Buffer) => Buffer };
  if (encoding === 'gzip') return zlib.gunzipSync(body);
  if (encoding === 'identity') return body;
  if (zstdDecompressSync === undefined) throw new TypeError('This version of Node has no zstd.');
  return zstdDecompressSync(body);
}
