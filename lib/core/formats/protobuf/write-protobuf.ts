import type { Family } from '../family.js';
import type { Escaping } from '../format.js';
import { scrapeNames } from '../scrape-names.js';
import { beginFamily } from './family-header.js';
import { LabelPairs } from './label-pairs.js';
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
  /** Called with the bytes of further memory, which is kept until the end. If it throws, the scrape ends. */
  readonly onGrow?: ((bytes: number) => void) | undefined;
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
  { escaping, rest, onGrow }: WriteProtobufOptions,
): Generator<Buffer, void, undefined> {
  const buffer = new MessageBuffer(onGrow);
  const all = [...families];
  const names = scrapeNames(
    all.map(({ descriptor: { name, kind } }) => ({ name, type: kind })),
    { strict: false, escaping },
  );
  for (const [index, family] of all.entries()) {
    const { name, type } = names[index]!;
    if (type === undefined) continue;
    const { help, unit } = family.descriptor;
    beginFamily(buffer, { name, help, type, unit });
    yield* writeSeries(buffer, family, escaping);
    yield* buffer.takeFull();
  }
  if (buffer.position > 0) yield buffer.takeCurrent();
  if (rest.length > 0) yield Buffer.from(rest.buffer, rest.byteOffset, rest.byteLength);
}

/** Writes the series of a family, and ends the family. A family without series is removed. */
function* writeSeries(buffer: MessageBuffer, family: Family, escaping: Escaping): Generator<Buffer, void, undefined> {
  const read = seriesReader(family.descriptor);
  const labels = new LabelPairs(family, escaping);
  const frame = new MetricFrame(buffer);
  let fullChunks = buffer.fullChunks;
  let isEmpty = true;
  for (const one of family.series) {
    const values = read(one);
    if (values === undefined || !labels.select(one)) continue;
    isEmpty = false;
    frame.write(labels, values);
    if (buffer.fullChunks === fullChunks) continue;
    fullChunks = buffer.fullChunks;
    yield NOTHING;
  }
  if (isEmpty) buffer.cancelFamily();
  else buffer.endFamily();
}
