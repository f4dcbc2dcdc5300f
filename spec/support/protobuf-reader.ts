// Reads the messages of client_model's metrics.proto, independently of the hub's reader. Rejects unknown fields.

/** An exemplar as it is encoded. */
export interface ReadExemplar {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly timestampSeconds: number | undefined;
}

/** Native buckets of one sign. */
export interface ReadSpans {
  readonly spans: readonly (readonly [offset: number, length: number])[];
  readonly deltas: readonly bigint[];
}

/** A series as it is encoded. Absent fields are undefined. */
export interface ReadMetric {
  readonly labels: readonly (readonly [name: string, value: string])[];
  /** The name of the field with the values. */
  readonly field: 'gauge' | 'counter' | 'summary' | 'untyped' | 'histogram';
  readonly value?: number | undefined;
  readonly exemplar?: ReadExemplar | undefined;
  readonly createdSeconds?: number | undefined;
  readonly count?: bigint | undefined;
  readonly floatCount?: number | undefined;
  readonly sum?: number | undefined;
  readonly quantiles?: readonly (readonly [quantile: number, value: number])[];
  readonly buckets?: readonly {
    readonly bound: number;
    readonly count: bigint | number;
    readonly exemplar: ReadExemplar | undefined;
  }[];
  readonly schema?: number | undefined;
  readonly zeroThreshold?: number | undefined;
  readonly zeroCount?: bigint | undefined;
  readonly positive?: ReadSpans;
  readonly negative?: ReadSpans;
  readonly exemplars?: readonly ReadExemplar[];
}

/** A metric family as it is encoded. */
export interface ReadFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly unit: string;
  readonly metrics: readonly ReadMetric[];
}

type Value = bigint | number | Buffer;
type Fields = ReadonlyMap<number, readonly Value[]>;

const TYPES = ['counter', 'gauge', 'summary', 'untyped', 'histogram'];
const VALUE_FIELDS = { 2: 'gauge', 3: 'counter', 4: 'summary', 5: 'untyped', 7: 'histogram' } as const;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads a sequence of families, each preceded by its length. */
export function readFamilies(bytes: Buffer): ReadFamily[] {
  const families: ReadFamily[] = [];
  let position = 0;
  while (position < bytes.length) {
    const length = varint(bytes, position);
    const start = length.end;
    position = start + Number(length.value);
    if (position > bytes.length) throw new Error(`A family of ${length.value} bytes at ${start} is incomplete.`);
    families.push(family(bytes.subarray(start, position)));
  }
  return families;
}

function family(bytes: Buffer): ReadFamily {
  const fields = fieldsOf(bytes, [1, 2, 3, 4, 5]);
  return {
    name: text(fields, 1),
    help: text(fields, 2),
    type: TYPES[Number(integer(fields, 3))] ?? 'invalid',
    unit: text(fields, 5),
    metrics: messages(fields, 4).map(metric),
  };
}

function metric(bytes: Buffer): ReadMetric {
  const fields = fieldsOf(bytes, [1, 2, 3, 4, 5, 7]);
  const present = Object.entries(VALUE_FIELDS).filter(([number]) => fields.has(Number(number)));
  if (present.length !== 1) throw new Error(`A metric with ${present.length} values.`);
  const [number, field] = present[0]!;
  const values = messages(fields, Number(number))[0]!;
  return { labels: labelPairs(fields), field, ...READERS[field](values) };
}

const READERS: Readonly<Record<ReadMetric['field'], (bytes: Buffer) => Omit<ReadMetric, 'labels' | 'field'>>> = {
  gauge: (bytes) => ({ value: double(fieldsOf(bytes, [1]), 1) }),
  untyped: (bytes) => ({ value: double(fieldsOf(bytes, [1]), 1) }),
  counter: (bytes) => {
    const fields = fieldsOf(bytes, [1, 2, 3]);
    return { value: double(fields, 1), exemplar: messages(fields, 2).map(exemplar)[0], ...created(fields, 3) };
  },
  summary: (bytes) => {
    const fields = fieldsOf(bytes, [1, 2, 3, 4]);
    const points = messages(fields, 3).map((one) => fieldsOf(one, [1, 2]));
    const quantiles = points.map((point) => [double(point, 1)!, double(point, 2)!] as const);
    return { count: integer(fields, 1), sum: double(fields, 2), quantiles, ...created(fields, 4) };
  },
  histogram: (bytes) => {
    const fields = fieldsOf(bytes, [1, 2, 3, 4, 5, 6, 7, 9, 10, 12, 13, 15, 16]);
    const buckets = messages(fields, 3).map((one) => {
      const bucket = fieldsOf(one, [1, 2, 3, 4]);
      const count = integer(bucket, 1) ?? double(bucket, 4);
      return { bound: double(bucket, 2)!, count: count!, exemplar: messages(bucket, 3).map(exemplar)[0] };
    });
    const schema = integer(fields, 5);
    return {
      count: integer(fields, 1),
      floatCount: double(fields, 4),
      sum: double(fields, 2),
      buckets,
      schema: schema === undefined ? undefined : Number(zigzag(schema)),
      zeroThreshold: double(fields, 6),
      zeroCount: integer(fields, 7),
      negative: spans(fields, 9, 10),
      positive: spans(fields, 12, 13),
      exemplars: messages(fields, 16).map(exemplar),
      ...created(fields, 15),
    };
  },
};

function spans(fields: Fields, spanField: number, deltaField: number): ReadSpans {
  const deltas: bigint[] = [];
  for (const packed of messages(fields, deltaField)) {
    for (let position = 0; position < packed.length; ) {
      const { value, end } = varint(packed, position);
      deltas.push(zigzag(value));
      position = end;
    }
  }
  const read = messages(fields, spanField).map((one) => {
    const span = fieldsOf(one, [1, 2]);
    return [Number(zigzag(integer(span, 1) ?? 0n)), Number(integer(span, 2))] as const;
  });
  return { spans: read, deltas };
}

function exemplar(bytes: Buffer): ReadExemplar {
  const fields = fieldsOf(bytes, [1, 2, 3]);
  return {
    labels: Object.fromEntries(labelPairs(fields)),
    value: double(fields, 2)!,
    timestampSeconds: created(fields, 3).createdSeconds,
  };
}

function created(fields: Fields, number: number): { readonly createdSeconds: number | undefined } {
  const [message] = messages(fields, number);
  if (message === undefined) return { createdSeconds: undefined };
  const parts = fieldsOf(message, [1, 2]);
  const nanoseconds = Number(integer(parts, 2) ?? 0n);
  if (nanoseconds >= 1e9) throw new Error(`A timestamp with ${nanoseconds} nanoseconds.`);
  return { createdSeconds: Number(integer(parts, 1)) + nanoseconds / 1e9 };
}

function labelPairs(fields: Fields): [string, string][] {
  return messages(fields, 1).map((pair) => {
    const parts = fieldsOf(pair, [1, 2]);
    return [text(parts, 1), text(parts, 2)];
  });
}

function text(fields: Fields, number: number): string {
  return UTF8.decode(messages(fields, number)[0]);
}

function integer(fields: Fields, number: number): bigint | undefined {
  const value = fields.get(number)?.[0];
  return value === undefined || typeof value === 'bigint' ? value : fail(number);
}

function double(fields: Fields, number: number): number | undefined {
  const value = fields.get(number)?.[0];
  return value === undefined || typeof value === 'number' ? value : fail(number);
}

function messages(fields: Fields, number: number): readonly Buffer[] {
  return (fields.get(number) ?? []).map((value) => (Buffer.isBuffer(value) ? value : fail(number)));
}

function fail(number: number): never {
  throw new Error(`The field ${number} has an unexpected wire type.`);
}

function fieldsOf(bytes: Buffer, known: readonly number[]): Fields {
  const fields = new Map<number, Value[]>();
  for (let position = 0; position < bytes.length; ) {
    const tag = varint(bytes, position);
    const [number, wire] = [Number(tag.value >> 3n), Number(tag.value & 7n)];
    if (!known.includes(number)) throw new Error(`Unknown field ${number}.`);
    let value: Value;
    if (wire === 1) {
      value = bytes.readDoubleLE(tag.end);
      position = tag.end + 8;
    } else {
      const next = varint(bytes, tag.end);
      if (wire === 0) {
        value = next.value;
        position = next.end;
      } else if (wire === 2) {
        position = next.end + Number(next.value);
        if (position > bytes.length) throw new Error(`The field ${number} exceeds its message.`);
        value = bytes.subarray(next.end, position);
      } else throw new Error(`Wire type ${wire}.`);
    }
    const values = fields.get(number);
    if (values === undefined) fields.set(number, [value]);
    else values.push(value);
  }
  return fields;
}

/** Reads a varint. Rejects encodings that are longer than necessary. */
function varint(bytes: Buffer, start: number): { readonly value: bigint; readonly end: number } {
  let value = 0n;
  for (let index = 0; index < 10; index++) {
    const byte = bytes[start + index];
    if (byte === undefined) throw new Error('A varint is incomplete.');
    value |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if (byte >= 0x80) continue;
    if (byte === 0 && index > 0) throw new Error('A varint is longer than necessary.');
    return { value, end: start + index + 1 };
  }
  throw new Error('A varint has more than 10 bytes.');
}

function zigzag(value: bigint): bigint {
  return value & 1n ? -((value + 1n) >> 1n) : value >> 1n;
}
