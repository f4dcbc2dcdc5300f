import { once } from 'node:events';
import type { Transform } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import zlib from 'node:zlib';
import type { ContentEncoding } from '../formats/negotiate-encoding.js';

/** The part of `node:zlib` that Node has from 22.15 on. */
interface ZstdModule {
  readonly constants: { readonly ZSTD_c_compressionLevel: number; readonly ZSTD_c_windowLog: number };
  createZstdCompress(options: {
    readonly chunkSize: number;
    readonly params: Readonly<Record<number, number>>;
  }): Transform;
}

/** A way to compress responses. */
export type Compression = Exclude<ContentEncoding, 'identity'>;

/**
 * The compressions of this version of Node, with the preferred one first. Node 20 has no zstd.
 *
 * zstd has priority: for 10,000 histogram series (10.6 MB of text), it takes two thirds of gzip's CPU time (18 instead
 * of 28 ms), and the result is 18 % smaller. Both use their fastest usual level.
 */
export const compressions: readonly Compression[] = hasZstd(zlib) ? ['zstd', 'gzip'] : ['gzip'];

const chunkSize = 64 * 1024;
/** A window of 128 KiB. Larger windows need more memory and time, and don't make scrapes smaller. */
const zstdWindowLog = 17;

/**
 * Compresses pieces as they are requested. A piece must be valid until the next one is requested. After an empty piece,
 * the event loop handles other events.
 */
export async function* compress(
  pieces: Iterable<Buffer>,
  compression: Compression,
): AsyncGenerator<Buffer, void, undefined> {
  const stream = compression === 'zstd' ? createZstd() : createGzip();
  const output: Buffer[] = [];
  stream.on('data', (data: Buffer) => output.push(data));
  try {
    for (const piece of pieces) {
      if (piece.length === 0) {
        await nextTurn();
        continue;
      }
      await new Promise<void>((resolve, reject) => {
        stream.write(piece, (error) => (error ? reject(error) : resolve()));
      });
      yield* output.splice(0);
    }
    stream.end();
    await once(stream, 'end');
    yield* output;
  } finally {
    stream.destroy();
  }
}

function createGzip(): Transform {
  return zlib.createGzip({ level: zlib.constants.Z_BEST_SPEED, chunkSize });
}

function createZstd(): Transform {
  if (!hasZstd(zlib)) throw new TypeError('This version of Node has no zstd.');
  const { ZSTD_c_compressionLevel: level, ZSTD_c_windowLog: windowLog } = zlib.constants;
  return zlib.createZstdCompress({ chunkSize, params: { [level]: 1, [windowLog]: zstdWindowLog } });
}

function hasZstd(module: object): module is ZstdModule {
  const { constants, createZstdCompress } = module as Partial<ZstdModule>;
  return typeof createZstdCompress === 'function' && constants?.ZSTD_c_windowLog !== undefined;
}
