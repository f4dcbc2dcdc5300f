import { finished, type Transform } from 'node:stream';
import zlib from 'node:zlib';

/** Why a body could not be looked into. */
export type UninspectedReason = 'too_large' | 'encoding' | 'unreadable';

/** What is done with a body. */
export interface DecodedBodyOptions {
  /** The body's `Content-Encoding`. */
  readonly encoding: string | undefined;
  /** In bytes: how much may wait to be decoded, and be decoded of a body that is hardly larger than nothing. */
  readonly limit: number;
  readonly onData: (bytes: Uint8Array) => void;
  /** The body is not decoded any further; said once. */
  readonly onUninspected: (reason: UninspectedReason) => void;
}

/** JSON compresses to a tenth or so of its size; what grows by more than this was made to. */
const mostGrowth = 100;

type MakeDecoder = (firstByte: number) => Transform;

/** What came whole so far is given out, though the rest never comes. */
const zlibOptions = { flush: zlib.constants.Z_SYNC_FLUSH, finishFlush: zlib.constants.Z_SYNC_FLUSH };
const brotliOptions = {
  flush: zlib.constants.BROTLI_OPERATION_FLUSH,
  finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH,
};

/** Node has this from 22.15 on. */
const { createZstdDecompress } = zlib as { readonly createZstdDecompress?: () => Transform };

const decoders: ReadonlyMap<string, MakeDecoder> = new Map<string, MakeDecoder>([
  ['gzip', () => zlib.createGunzip(zlibOptions)],
  ['x-gzip', () => zlib.createGunzip(zlibOptions)],
  ['br', () => zlib.createBrotliDecompress(brotliOptions)],
  // Some servers send it without the header that RFC 9110, section 8.4.1.2, wants; its compression method is 8.
  [
    'deflate',
    (firstByte) => ((firstByte & 0x0f) === 8 ? zlib.createInflate(zlibOptions) : zlib.createInflateRaw(zlibOptions)),
  ],
  ...(createZstdDecompress === undefined ? [] : [['zstd', () => createZstdDecompress()] as const]),
]);

/** A body beside its way: decoded if it is compressed, in the background then, and in bounded memory. */
export class DecodedBody {
  readonly #options: DecodedBodyOptions;
  readonly #makeDecoder: MakeDecoder | undefined;
  #decoder: Transform | undefined;
  #written = 0;
  #decoded = 0;
  #isLeft = false;
  #whenDecoded: (() => void) | undefined;

  constructor(options: DecodedBodyOptions) {
    this.#options = options;
    const encoding = options.encoding?.trim().toLowerCase() ?? '';
    if (encoding === '' || encoding === 'identity') return;
    this.#makeDecoder = decoders.get(encoding);
    if (this.#makeDecoder === undefined) this.#leave('encoding');
  }

  push(bytes: Uint8Array): void {
    if (this.#isLeft || bytes.length === 0) return;
    if (this.#makeDecoder === undefined) {
      this.#options.onData(bytes);
      return;
    }
    this.#decoder ??= this.#open(this.#makeDecoder(bytes[0] as number));
    this.#written += bytes.length;
    if (this.#decoder.writableLength + bytes.length > this.#options.limit) this.#leave('too_large');
    else this.#decoder.write(bytes);
  }

  /** No more comes; `done` is called once all that came has been decoded, at once if nothing is compressed. */
  end(done: () => void): void {
    if (this.#decoder === undefined || this.#decoder.destroyed) {
      done();
      return;
    }
    this.#whenDecoded = done;
    this.#decoder.end();
  }

  #open(decoder: Transform): Transform {
    decoder.on('data', (bytes: Uint8Array) => {
      this.#decoded += bytes.length;
      if (this.#isLeft) return;
      if (this.#decoded > this.#options.limit + mostGrowth * this.#written) this.#leave('too_large');
      else this.#options.onData(bytes);
    });
    finished(decoder, (error) => {
      if (error) this.#leave('unreadable');
      this.#whenDecoded?.();
      this.#whenDecoded = undefined;
    });
    return decoder;
  }

  #leave(reason: UninspectedReason): void {
    if (this.#isLeft) return;
    this.#isLeft = true;
    this.#decoder?.destroy();
    this.#options.onUninspected(reason);
  }
}
