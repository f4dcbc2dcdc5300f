import { ABSENT_VALUE, END_OF_VALUE, type LabelBytes } from '../../metrics/series-record.js';
import { escapeLabelName } from '../escape-name.js';
import type { Family, ReadableSeries } from '../family.js';
import type { Escaping } from '../format.js';
import { RESERVED_LABELS } from '../label-text.js';
import { readLabelText } from '../read-label-text.js';
import { escapePairs, type SeriesLabels, seriesLabels } from '../series-labels.js';
import type { MessageBuffer } from './message-buffer.js';
import type { LabelsMessage } from './metric-frame.js';
import { varintSize, writeVarint } from './varint.js';

/** Field numbers and wire types of `Metric.label` (or `Exemplar.label`), `LabelPair.name` and `LabelPair.value`. */
const TAGS = { label: 0x0a, name: 0x0a, value: 0x12 } as const;
/** Bytes of a label without its name and value: two tags and three lengths of at most five bytes. */
const MAX_OVERHEAD_BYTES = 18;

/** Encodes labels as repeated `LabelPair` fields. */
export function encodeLabels(labels: Iterable<readonly [name: string, value: string]>): Buffer {
  const parts: Buffer[] = [];
  for (const [name, value] of labels) {
    const pair = Buffer.concat([field(TAGS.name, Buffer.from(name)), field(TAGS.value, Buffer.from(value))]);
    parts.push(field(TAGS.label, pair));
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
  maxBytes = 0;
  /** Undefined if two names are equal after they were escaped. */
  readonly #prepared: PreparedLabels | undefined;
  readonly #labelsOf: SeriesLabels;
  #record: LabelBytes | undefined;
  #pairs: Uint8Array = new Uint8Array(0);

  constructor(family: Family, escaping: Escaping) {
    this.#prepared = prepareLabels(family, escaping);
    this.#labelsOf = seriesLabels(family, escaping);
  }

  /**
   * Selects the series whose labels are written next. Returns false if the series must be omitted, because its labels
   * are equal to those of another series after their names were escaped.
   */
  select(series: ReadableSeries): boolean {
    const record = this.#prepared && series.labelBytes;
    this.#record = record;
    if (record !== undefined) {
      this.maxBytes = this.#prepared!.maxBytes + record.end - record.valuesStart;
      return true;
    }
    const text = this.#labelsOf(series.labelText);
    if (text === undefined) return false;
    this.#pairs = encodeLabels(readLabelText(text));
    this.maxBytes = this.#pairs.length;
    return true;
  }

  write(buffer: MessageBuffer): void {
    if (this.#record === undefined) buffer.copy(this.#pairs);
    else writeRecord(buffer, this.#record, this.#prepared!);
  }
}

/** The labels of a metric, prepared for all its series. */
interface PreparedLabels {
  readonly labels: readonly PreparedLabel[];
  /** The encoded default labels whose names are not those of labels. */
  readonly defaults: Uint8Array;
  /** The maximum size of the labels without their values, in bytes. */
  readonly maxBytes: number;
}

/** Returns undefined if two names are equal after they were escaped. */
function prepareLabels(
  { descriptor: { labels: names, kind }, defaultLabels = {} }: Family,
  escaping: Escaping,
): PreparedLabels | undefined {
  const reserved = RESERVED_LABELS[kind] ?? [];
  const allowed = Object.entries(defaultLabels).filter(([label]) => !reserved.includes(label));
  if (escapePairs(new Map([...names.map((name) => [name, ''] as const), ...allowed]), escaping) === undefined) {
    return undefined;
  }
  const encode = (pairs: readonly (readonly [string, unknown])[]): Buffer =>
    encodeLabels(pairs.map(([name, value]) => [escapeLabelName(name, escaping), String(value)] as const));
  const labels = names.map((label): PreparedLabel => {
    const own = allowed.filter(([name]) => name === label);
    const name = field(TAGS.name, Buffer.from(escapeLabelName(label, escaping)));
    return {
      beforeValue: Buffer.concat([name, Buffer.of(TAGS.value)]),
      defaultPair: own.length > 0 ? encode(own) : undefined,
    };
  });
  const defaults = encode(allowed.filter(([label]) => !names.includes(label)));
  let maxBytes = defaults.length;
  for (const { beforeValue, defaultPair } of labels) {
    maxBytes += beforeValue.length + (defaultPair?.length ?? 0) + MAX_OVERHEAD_BYTES;
  }
  return { labels, defaults, maxBytes };
}

function writeRecord(
  buffer: MessageBuffer,
  { page, valuesStart, end: recordEnd }: LabelBytes,
  { labels, defaults }: PreparedLabels,
): void {
  const { bytes } = buffer;
  let { position } = buffer;
  let start = valuesStart;
  for (const { beforeValue, defaultPair } of labels) {
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
  if (defaults.length > 0) buffer.copy(defaults);
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
