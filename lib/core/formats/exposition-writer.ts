import type { ForeignReading } from '../metrics/read-foreign.js';
import type { Family } from './family.js';
import { type WriteForeignOptions, writeReadings } from './foreign.js';
import type { Exposition } from './format.js';
import { FORMATS } from './formats.js';
import { type WriteOptions, writeInPieces } from './write-families.js';

/** Foreign metrics (prom-client metrics of the application) in a format, and the names of those with problems. */
export interface ForeignContent {
  readonly bytes: Uint8Array;
  /** Names of omitted metrics: their `get` failed, or the format can't contain them next to the others. */
  readonly failed: readonly string[];
  /** Names of metrics in which something was repaired or omitted. */
  readonly repaired: readonly string[];
}

/** Writes metrics in one format. */
export interface ExpositionWriter {
  readonly contentType: string;
  /**
   * Writes metrics in pieces. A piece is valid until the next one is requested.
   *
   * @param options.rest Foreign metrics in the same format, which follow the metrics.
   */
  pieces(
    families: Iterable<Family>,
    options: WriteOptions & { readonly rest: Uint8Array },
  ): Generator<Buffer, void, undefined>;
  /** Writes foreign metrics that have already been read. */
  writeReadings(
    readings: readonly ForeignReading[],
    options: Pick<WriteForeignOptions, 'reserved' | 'slices'>,
  ): Promise<ForeignContent>;
}

/** Returns the writer for a format and its way to write names. */
export function expositionWriter({ format: name }: Exposition): ExpositionWriter {
  const format = FORMATS[name];
  return {
    contentType: format.contentType,
    pieces: (families, { rest, ...options }) =>
      writeInPieces(families, format, { ...options, rest: Buffer.from(rest.buffer, rest.byteOffset, rest.byteLength) }),
    writeReadings: async (readings, options) => {
      const { text, ...names } = await writeReadings(readings, format, options);
      return { ...names, bytes: new TextEncoder().encode(text) };
    },
  };
}
