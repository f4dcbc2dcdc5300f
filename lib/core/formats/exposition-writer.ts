import type { ForeignReading } from '../metrics/read-foreign.js';
import type { Family } from './family.js';
import { type WriteForeignOptions, writeReadings } from './foreign.js';
import type { Escaping, Exposition } from './format.js';
import { FORMATS } from './formats.js';
import { PROTOBUF_CONTENT_TYPE, writeProtobuf } from './protobuf/write-protobuf.js';
import { writeProtobufReadings } from './protobuf/write-readings.js';
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
   * Writes metrics in pieces. A piece is valid until the next one is requested. An empty piece is an opportunity to
   * handle other events.
   *
   * @param options.rest Foreign metrics in the same format, which follow the metrics.
   * @param options.onGrow Called with the bytes of further memory, which is kept until the end. If it throws, the
   * scrape ends.
   */
  pieces(
    families: Iterable<Family>,
    options: WriteOptions & {
      readonly rest: Uint8Array;
      readonly onGrow?: ((bytes: number) => void) | undefined;
    },
  ): Generator<Buffer, void, undefined>;
  /** Writes foreign metrics that have already been read. */
  writeReadings(
    readings: readonly ForeignReading[],
    options: Pick<WriteForeignOptions, 'reserved' | 'slices'>,
  ): Promise<ForeignContent>;
}

/** Returns the writer for a format and its way to write names. */
export function expositionWriter({ format: name, escaping }: Exposition): ExpositionWriter {
  if (name === 'protobuf') return protobufWriter(escaping);
  const format = FORMATS[name];
  return {
    contentType: format.contentType,
    pieces: (families, { rest, onGrow: _, ...options }) =>
      writeInPieces(families, format, {
        ...options,
        escaping,
        rest: Buffer.from(rest.buffer, rest.byteOffset, rest.byteLength),
      }),
    writeReadings: async (readings, options) => {
      const { text, ...names } = await writeReadings(readings, format, { ...options, escaping });
      return { ...names, bytes: new TextEncoder().encode(text) };
    },
  };
}

function protobufWriter(escaping: Escaping): ExpositionWriter {
  return {
    contentType: PROTOBUF_CONTENT_TYPE,
    pieces: (families, { rest, onGrow }) => writeProtobuf(families, { escaping, rest, onGrow }),
    writeReadings: (readings, options) => writeProtobufReadings(readings, { ...options, escaping }),
  };
}
