import type { Family } from '../family.js';
import { typesWithoutClash } from '../foreign-types.js';
import type { Escaping } from '../format.js';
import { beginFamily } from './family-header.js';
import { LabelPairs, labelNameWriter, type NameWriter } from './label-pairs.js';
import { MessageBuffer } from './message-buffer.js';
import { MetricFrame } from './metric-frame.js';
import { seriesReader } from './series-reader.js';

/** The content type of the protobuf format. */
export const PROTOBUF_CONTENT_TYPE =
  'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';

/** Options of {@link writeProtobuf}. */
export interface WriteProtobufOptions {
  readonly escaping: Escaping;
  /** Messages that follow the metrics. */
  readonly rest: Uint8Array;
}

const NOTHING = Buffer.alloc(0);

/**
 * Writes metrics as length-delimited `io.prometheus.client.MetricFamily` messages, in pieces.
 *
 * Metrics without series are omitted. A piece is valid until the next one is requested. The pieces of a metric follow
 * when all its series are written. Until then, empty pieces show that the work can pause.
 *
 * Source: https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto
 */
export function* writeProtobuf(
  families: Iterable<Family>,
  { escaping, rest }: WriteProtobufOptions,
): Generator<Buffer, void, undefined> {
  const buffer = new MessageBuffer();
  const nameOf = labelNameWriter(escaping);
  const all = [...families];
  const named = all.map(({ descriptor: { name, kind } }) => ({ name, type: kind }));
  const types = typesWithoutClash(named, { strict: false });
  for (const [index, family] of all.entries()) {
    if (types[index] === undefined) continue;
    yield* writeFamily(buffer, family, nameOf);
    yield* buffer.takeFull();
  }
  if (buffer.position > 0) yield buffer.takeCurrent();
  if (rest.length > 0) yield Buffer.from(rest.buffer, rest.byteOffset, rest.byteLength);
}

function* writeFamily(
  buffer: MessageBuffer,
  { descriptor, series, defaultLabels = {} }: Family,
  nameOf: NameWriter,
): Generator<Buffer, void, undefined> {
  const { name, help, kind, unit } = descriptor;
  const read = seriesReader(descriptor, nameOf);
  const labels = new LabelPairs(descriptor, defaultLabels, nameOf);
  const frame = new MetricFrame(buffer);
  beginFamily(buffer, { name, help, type: kind, unit });
  let fullChunks = buffer.fullChunks;
  let isEmpty = true;
  for (const one of series) {
    const values = read(one);
    if (values === undefined) continue;
    isEmpty = false;
    frame.write(labels.select(one), values);
    if (buffer.fullChunks === fullChunks) continue;
    fullChunks = buffer.fullChunks;
    yield NOTHING;
  }
  if (isEmpty) buffer.cancelFamily();
  else buffer.endFamily();
}
