import type { Descriptor } from '../../metrics/descriptor.js';
import { ABSENT_VALUE, END_OF_VALUE, type LabelBytes } from '../../metrics/series-record.js';
import type { ReadableSeries } from '../family.js';
import type { DefaultLabels } from '../foreign-metric.js';
import type { Escaping } from '../format.js';
import { RESERVED_LABELS } from '../label-text.js';
import type { MessageBuffer } from './message-buffer.js';
import type { LabelsMessage } from './metric-frame.js';
import { parseLabelText } from './parse-label-text.js';
import { varintSize, writeVarint } from './varint.js';

/** Field numbers and wire types of `Metric.label` (or `Exemplar.label`), `LabelPair.name` and `LabelPair.value`. */
const TAGS = { label: 0x0a, name: 0x0a, value: 0x12 } as const;
/** Bytes of a label without its name and value: two tags and three lengths of at most five bytes. */
const MAX_OVERHEAD_BYTES = 18;

/** Returns the name of a label as it is written. */
export type NameWriter = (name: string) => string;

/** Creates the function that returns the name of a label as it is written. */
export function labelNameWriter(_escaping: Escaping): NameWriter {
  return (name) => name;
}

/** Encodes labels as repeated `LabelPair` fields. */
export function encodeLabels(labels: Iterable<readonly [name: string, value: string]>, nameOf: NameWriter): Buffer {
  const parts: Buffer[] = [];
  for (const [name, value] of labels) {
    const nameField = field(TAGS.name, Buffer.from(nameOf(name)));
    parts.push(field(TAGS.label, Buffer.concat([nameField, field(TAGS.value, Buffer.from(value))])));
  }
  return Buffer.concat(parts);
}

function field(tag: number, content: Buffer): Buffer {
  const head = Buffer.alloc(1 + varintSize(content.length));
  head[0] = tag;
  writeVarint(head, 1, content.length);
  return Buffer.concat([head, content]);
}

/** A label of a metric, prepared for all its series. */
interface PreparedLabel {
  /** The encoded name, followed by the tag of the value. */
  readonly beforeValue: Uint8Array;
  /** The encoded default label of the same name. It is used if the series doesn't have the label. */
  readonly defaultPair: Uint8Array | undefined;
}

/**
 * Writes the labels of a metric's series. Names and default labels are encoded once for each metric.
 *
 * The values are copied from the log of the segment if the series has `labelBytes`. Otherwise, `labelText` is parsed.
 */
export class LabelPairs implements LabelsMessage {
  readonly #labels: readonly PreparedLabel[];
  readonly #defaults: Uint8Array;
  readonly #maxOwnBytes: number;
  readonly #nameOf: NameWriter;
  maxBytes = 0;
  #record: LabelBytes | undefined;
  #pairs: Uint8Array = new Uint8Array(0);

  constructor({ labels, kind }: Pick<Descriptor, 'labels' | 'kind'>, defaults: DefaultLabels, nameOf: NameWriter) {
    const reserved = RESERVED_LABELS[kind] ?? [];
    const allowed = Object.entries(defaults).filter(([label]) => !reserved.includes(label));
    const encode = (names: readonly (readonly [string, unknown])[]): Buffer =>
      encodeLabels(
        names.map(([name, value]) => [name, String(value)] as const),
        nameOf,
      );
    this.#nameOf = nameOf;
    this.#labels = labels.map((label) => {
      const own = allowed.filter(([name]) => name === label);
      const name = field(TAGS.name, Buffer.from(nameOf(label)));
      return {
        beforeValue: Buffer.concat([name, Buffer.of(TAGS.value)]),
        defaultPair: own.length > 0 ? encode(own) : undefined,
      };
    });
    this.#defaults = encode(allowed.filter(([label]) => !labels.includes(label)));
    const ownBytes = this.#labels.reduce(
      (sum, { beforeValue, defaultPair }) => sum + beforeValue.length + (defaultPair?.length ?? 0) + MAX_OVERHEAD_BYTES,
      0,
    );
    this.#maxOwnBytes = ownBytes + this.#defaults.length;
  }

  /** Selects the series whose labels are written next. */
  select(series: ReadableSeries): this {
    const record = series.labelBytes;
    this.#record = record;
    if (record === undefined) this.#pairs = encodeLabels(parseLabelText(series.labelText), this.#nameOf);
    this.maxBytes = record === undefined ? this.#pairs.length : this.#maxOwnBytes + record.end - record.valuesStart;
    return this;
  }

  write(buffer: MessageBuffer): void {
    if (this.#record === undefined) buffer.copy(this.#pairs);
    else this.#writeRecord(buffer, this.#record);
  }

  #writeRecord(buffer: MessageBuffer, { page, valuesStart, end: recordEnd }: LabelBytes): void {
    const { bytes } = buffer;
    let { position } = buffer;
    let start = valuesStart;
    for (const { beforeValue, defaultPair } of this.#labels) {
      if (page[start] === ABSENT_VALUE) {
        if (defaultPair !== undefined) {
          bytes.set(defaultPair, position);
          position += defaultPair.length;
        }
        start += 2;
        continue;
      }
      const pairStart = position;
      // Most lengths take one byte. The value is copied while its end is searched.
      position += 2;
      for (let index = 0; index < beforeValue.length; index++) bytes[position++] = beforeValue[index]!;
      const valueStart = ++position;
      while (start < recordEnd) {
        const byte = page[start++]!;
        if (byte === END_OF_VALUE) break;
        bytes[position++] = byte;
      }
      bytes[pairStart] = TAGS.label;
      const pairLength = position - pairStart - 2;
      if (pairLength < 0x80) {
        bytes[pairStart + 1] = pairLength;
        bytes[valueStart - 1] = position - valueStart;
      } else position = insertLengths(bytes, { pairStart, valueStart, end: position });
    }
    buffer.position = position;
    if (this.#defaults.length > 0) buffer.copy(this.#defaults);
  }
}

/** Inserts the lengths of a label and its value, if one byte is not enough for them. Returns the new end. */
function insertLengths(
  bytes: Uint8Array,
  { pairStart, valueStart, end }: { readonly pairStart: number; readonly valueStart: number; readonly end: number },
): number {
  const valueLength = end - valueStart;
  const moreForValue = varintSize(valueLength) - 1;
  const pairLength = end - pairStart - 2 + moreForValue;
  const moreForPair = varintSize(pairLength) - 1;
  bytes.copyWithin(valueStart + moreForValue + moreForPair, valueStart, end);
  bytes.copyWithin(pairStart + 2 + moreForPair, pairStart + 2, valueStart - 1);
  writeVarint(bytes, valueStart - 1 + moreForPair, valueLength);
  writeVarint(bytes, pairStart + 1, pairLength);
  return end + moreForValue + moreForPair;
}
