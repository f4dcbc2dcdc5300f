import { finished, type Transform } from 'node:stream';
import zlib from 'node:zlib';
import type { BudgetPart, InspectionBudget } from './inspection-budget.js';

/** Why a body could not be inspected. `memory`: all exchanges together have reached the memory limit. */
export type UninspectedReason = 'too_large' | 'encoding' | 'unreadable' | 'memory';

/** Options for decoding a body. */
export interface DecodedBodyOptions {
  /** The `Content-Encoding` of the body. */
  readonly encoding: string | undefined;
  /**
   * Limit in bytes for a compressed body. It has two effects:
   *
   * - At most min(`limit`, 4 MiB) of compressed bytes wait for the decoder.
   * - The body has at most min(64 MiB, 100 × `compressed` + min(`limit`, 1 MiB)) decoded bytes. `compressed` is the
   *   number of compressed bytes received so far.
   */
  readonly limit: number;
  readonly budget: InspectionBudget;
  /** Returns the bytes that the reader of the decoded body currently uses. */
  readonly heldBytes: () => number;
  readonly onData: (bytes: Uint8Array) => void;
  /** Called once if the body is not decoded any further. */
  readonly onUninspected: (reason: UninspectedReason) => void;
}

/** Maximum expansion factor. JSON expands about tenfold. A much larger factor indicates a decompression bomb. */
const maxExpansion = 100;
/** Maximum compressed bytes of one body that wait for the decoder; see {@link DecodedBodyOptions.limit}. */
const maxWaitingBytes = 4 * 1024 * 1024;
/** Maximum of the constant part of the limit for decoded bytes; see {@link DecodedBodyOptions.limit}. */
const maxBaseLimit = 1024 * 1024;
/** Maximum decoded bytes of one body. */
const maxDecodedBytes = 64 * 1024 * 1024;
/** Memory of a decoder: its state, its buffers and, for gzip, a window of 32 KiB. */
const decoderBytes = 64 * 1024;
/** Maximum window sizes of Brotli and Zstandard. Sources: RFC 7932, section 9.1, and RFC 9659. */
const maxWindowBytes: ReadonlyMap<string, number> = new Map([
  ['br', 16 * 1024 * 1024],
  ['zstd', 8 * 1024 * 1024],
]);

type MakeDecoder = (firstByte: number) => Transform;

/** Outputs all complete data immediately, even if the rest never arrives. */
const zlibOptions = { flush: zlib.constants.Z_SYNC_FLUSH, finishFlush: zlib.constants.Z_SYNC_FLUSH };
const brotliOptions = {
  flush: zlib.constants.BROTLI_OPERATION_FLUSH,
  finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH,
};

/** Available in Node 22.15 and later. */
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
  // Some servers omit the zlib header that RFC 9110, section 8.4.1.2, requires. The header starts with method 8.
  [
    'deflate',
    (firstByte) => ((firstByte & 0x0f) === 8 ? zlib.createInflate(zlibOptions) : zlib.createInflateRaw(zlibOptions)),
  ],
  ...(createZstdDecompress === undefined ? [] : [['zstd', () => createZstdDecompress(zstdOptions)] as const]),
]);

/**
 * Decodes a copy of a body in the background, if it is compressed.
 *
 * The exchange does not wait for the decoder. Decoding stops if the body exceeds one of the two limits described at
 * {@link DecodedBodyOptions.limit}, if the body is invalid, or if the memory budget is used up.
 */
export class DecodedBody {
  readonly #options: DecodedBodyOptions;
  readonly #memory: BudgetPart;
  readonly #window: number;
  readonly #makeDecoder: MakeDecoder | undefined;
  #decoder: Transform | undefined;
  #written = 0;
  #decoded = 0;
  #isStopped = false;
  #whenDecoded: (() => void) | undefined;

  constructor(options: DecodedBodyOptions) {
    this.#options = options;
    this.#memory = options.budget.part();
    const encoding = options.encoding?.trim().toLowerCase() ?? '';
    this.#window = maxWindowBytes.get(encoding) ?? 0;
    if (encoding === '' || encoding === 'identity') return;
    this.#makeDecoder = decoders.get(encoding);
    if (this.#makeDecoder === undefined) this.#stopInspecting('encoding');
  }

  push(bytes: Uint8Array): void {
    if (this.#isStopped || bytes.length === 0) return;
    if (this.#makeDecoder === undefined) {
      this.#deliver(bytes);
      return;
    }
    if (this.#decoder === undefined) {
      if (!this.#memory.resize(decoderBytes)) {
        this.#stopInspecting('memory');
        return;
      }
      this.#decoder = this.#open(this.#makeDecoder(bytes[0] as number));
    }
    this.#written += bytes.length;
    const waiting = this.#decoder.writableLength + bytes.length;
    if (waiting > Math.min(this.#options.limit, maxWaitingBytes)) this.#stopInspecting('too_large');
    else if (!this.#takeMemory(waiting)) this.#stopInspecting('memory');
    else this.#decoder.write(bytes);
  }

  /**
   * Ends the body. Calls `done` when all received bytes have been decoded. If the body is not compressed, calls `done`
   * immediately.
   */
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
      if (this.#isStopped) return;
      const baseLimit = Math.min(this.#options.limit, maxBaseLimit);
      const limit = Math.min(maxDecodedBytes, baseLimit + maxExpansion * this.#written);
      if (this.#decoded > limit) this.#stopInspecting('too_large');
      else this.#deliver(bytes);
    });
    finished(decoder, (error) => {
      if (error) this.#stopInspecting('unreadable');
      this.#whenDecoded?.();
      this.#whenDecoded = undefined;
    });
    return decoder;
  }

  #deliver(bytes: Uint8Array): void {
    const waiting = this.#decoder?.writableLength ?? 0;
    // First reserve the size of `bytes`, because the reader may keep all of them.
    if (!this.#takeMemory(waiting + bytes.length)) {
      this.#stopInspecting('memory');
      return;
    }
    this.#options.onData(bytes);
    this.#takeMemory(waiting);
  }

  #takeMemory(waiting: number): boolean {
    const decoder = this.#decoder === undefined ? 0 : decoderBytes + Math.min(this.#decoded, this.#window);
    return this.#memory.resize(decoder + waiting + this.#options.heldBytes());
  }

  #stopInspecting(reason: UninspectedReason): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#decoder?.destroy();
    this.#memory.resize(this.#options.heldBytes());
    this.#options.onUninspected(reason);
  }
}
