import { finished, type Transform } from 'node:stream';
import zlib from 'node:zlib';
import type { BudgetPart, InspectionBudget } from './inspection-budget.js';

/** Why a body could not be looked into; `memory` if all exchanges together take as much as they may. */
export type UninspectedReason = 'too_large' | 'encoding' | 'unreadable' | 'memory';

/** What is done with a body. */
export interface DecodedBodyOptions {
  /** The body's `Content-Encoding`. */
  readonly encoding: string | undefined;
  /** In bytes. Limits the bytes that wait to be decoded (at most 4 MiB), and the decoded bytes of a tiny body (at most 1 MiB). */
  readonly limit: number;
  readonly budget: InspectionBudget;
  /** Bytes that the reader of the decoded body has in memory now. */
  readonly heldBytes: () => number;
  readonly onData: (bytes: Uint8Array) => void;
  /** The body is not decoded any further; said once. */
  readonly onUninspected: (reason: UninspectedReason) => void;
}

/** JSON compresses to a tenth or so of its size; what grows by more than this was made to. */
const mostGrowth = 100;
/** In bytes of one body. */
const mostWaiting = 4 * 1024 * 1024;
const mostDecodedOfTiny = 1024 * 1024;
const mostDecoded = 64 * 1024 * 1024;
/** Bytes of a decoder: its state, its buffers and, for gzip, the last 32 KiB of the text. */
const decoderBytes = 64 * 1024;
/** Brotli and Zstandard refer to up to so many earlier bytes. Sources: RFC 7932, section 9.1, and RFC 9659. */
const longestWindows: ReadonlyMap<string, number> = new Map([
  ['br', 16 * 1024 * 1024],
  ['zstd', 8 * 1024 * 1024],
]);

type MakeDecoder = (firstByte: number) => Transform;

/** What came whole so far is given out, though the rest never comes. */
const zlibOptions = { flush: zlib.constants.Z_SYNC_FLUSH, finishFlush: zlib.constants.Z_SYNC_FLUSH };
const brotliOptions = {
  flush: zlib.constants.BROTLI_OPERATION_FLUSH,
  finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH,
};

/** Node has these from 22.15 on. */
const { createZstdDecompress, constants } = zlib as {
  readonly createZstdDecompress?: (options: { readonly params: Readonly<Record<number, number>> }) => Transform;
  readonly constants: { readonly ZSTD_d_windowLogMax?: number };
};
/** 8 MiB, as a power of 2; Node's default is 128 MiB. */
const zstdOptions = { params: { [constants.ZSTD_d_windowLogMax ?? 0]: 23 } };

const decoders: ReadonlyMap<string, MakeDecoder> = new Map<string, MakeDecoder>([
  ['gzip', () => zlib.createGunzip(zlibOptions)],
  ['x-gzip', () => zlib.createGunzip(zlibOptions)],
  ['br', () => zlib.createBrotliDecompress(brotliOptions)],
  // Some servers send it without the header that RFC 9110, section 8.4.1.2, wants; its compression method is 8.
  [
    'deflate',
    (firstByte) => ((firstByte & 0x0f) === 8 ? zlib.createInflate(zlibOptions) : zlib.createInflateRaw(zlibOptions)),
  ],
  ...(createZstdDecompress === undefined ? [] : [['zstd', () => createZstdDecompress(zstdOptions)] as const]),
]);

/**
 * A copy of a body, decoded in the background if it is compressed.
 *
 * The body itself does not wait for it, so a body that arrives faster than it is decoded is left after 4 MiB. So is one of
 * which 64 MiB were decoded, one that grows too much, and any body while the budget has no memory.
 */
export class DecodedBody {
  readonly #options: DecodedBodyOptions;
  readonly #memory: BudgetPart;
  readonly #window: number;
  readonly #makeDecoder: MakeDecoder | undefined;
  #decoder: Transform | undefined;
  #written = 0;
  #decoded = 0;
  #isLeft = false;
  #whenDecoded: (() => void) | undefined;

  constructor(options: DecodedBodyOptions) {
    this.#options = options;
    this.#memory = options.budget.part();
    const encoding = options.encoding?.trim().toLowerCase() ?? '';
    this.#window = longestWindows.get(encoding) ?? 0;
    if (encoding === '' || encoding === 'identity') return;
    this.#makeDecoder = decoders.get(encoding);
    if (this.#makeDecoder === undefined) this.#leave('encoding');
  }

  push(bytes: Uint8Array): void {
    if (this.#isLeft || bytes.length === 0) return;
    if (this.#makeDecoder === undefined) {
      this.#give(bytes);
      return;
    }
    if (this.#decoder === undefined) {
      if (!this.#memory.resize(decoderBytes)) {
        this.#leave('memory');
        return;
      }
      this.#decoder = this.#open(this.#makeDecoder(bytes[0] as number));
    }
    this.#written += bytes.length;
    const waiting = this.#decoder.writableLength + bytes.length;
    if (waiting > Math.min(this.#options.limit, mostWaiting)) this.#leave('too_large');
    else if (!this.#takeMemory(waiting)) this.#leave('memory');
    else this.#decoder.write(bytes);
  }

  /** No more comes; `done` is called once all that came has been decoded, at once if nothing is compressed. */
  end(done: () => void): void {
    const ended = (): void => {
      done();
      this.#memory.resize(0);
    };
    if (this.#decoder === undefined || this.#decoder.destroyed) {
      ended();
      return;
    }
    this.#whenDecoded = ended;
    this.#decoder.end();
  }

  #open(decoder: Transform): Transform {
    decoder.on('data', (bytes: Uint8Array) => {
      this.#decoded += bytes.length;
      if (this.#isLeft) return;
      const mostOfTiny = Math.min(this.#options.limit, mostDecodedOfTiny);
      const most = Math.min(mostDecoded, mostOfTiny + mostGrowth * this.#written);
      if (this.#decoded > most) this.#leave('too_large');
      else this.#give(bytes);
    });
    finished(decoder, (error) => {
      if (error) this.#leave('unreadable');
      this.#whenDecoded?.();
      this.#whenDecoded = undefined;
    });
    return decoder;
  }

  #give(bytes: Uint8Array): void {
    const waiting = this.#decoder?.writableLength ?? 0;
    // A reader keeps at most what it is given.
    if (!this.#takeMemory(waiting + bytes.length)) {
      this.#leave('memory');
      return;
    }
    this.#options.onData(bytes);
    this.#takeMemory(waiting);
  }

  #takeMemory(waiting: number): boolean {
    const decoder = this.#decoder === undefined ? 0 : decoderBytes + Math.min(this.#decoded, this.#window);
    return this.#memory.resize(decoder + waiting + this.#options.heldBytes());
  }

  #leave(reason: UninspectedReason): void {
    if (this.#isLeft) return;
    this.#isLeft = true;
    this.#decoder?.destroy();
    this.#memory.resize(this.#options.heldBytes());
    this.#options.onUninspected(reason);
  }
}
