import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { nativeCount } from '../../../lib/core/metrics/native/merge-native.js';
import type { NativeHistogram } from '../../../lib/core/metrics/native/native-histogram.js';
import { PushRefused } from '../../../lib/hub/pushes/push-refused.js';
import { readPushInSteps } from '../../../lib/hub/pushes/read-push.js';
import { runWithoutPauses } from '../../../lib/hub/pushes/sliced-work.js';
import { anyNative } from '../../support/native-arbitrary.js';
import {
  bytesField,
  doubleField,
  integerField,
  nativeFields,
  varint,
  writeProtobuf,
  zigZag,
} from '../../support/protobuf-writer.js';

/** Reads a push with one histogram that has these fields. */
function read(...fields: readonly Buffer[]) {
  const metric = bytesField(4, bytesField(7, Buffer.concat(fields)));
  const message = Buffer.concat([bytesField(1, 'h'), integerField(3, 4), metric]);
  return readBytes(Buffer.concat([varint(message.length), message]));
}

function readBytes(bytes: Buffer) {
  const { families, notes } = runWithoutPauses(readPushInSteps(bytes, { format: 'protobuf' }));
  const [series] = families[0]!.series.values();
  return { native: series?.native, numbers: series?.numbers, notes };
}

const span = (field: number, offset: number, length: number): Buffer =>
  bytesField(field, Buffer.concat([integerField(1, zigZag(offset)), integerField(2, length)]));
const deltas = (field: number, ...values: readonly number[]): Buffer =>
  Buffer.concat(values.map((value) => integerField(field, zigZag(value))));
const schema = (value: number): Buffer => integerField(5, zigZag(value));
const count = (value: number): Buffer => integerField(1, value);
const none = { indexes: [], counts: [] };

describe('NativeReader', () => {
  it('reads each native histogram that was written', () => {
    fc.assert(
      fc.property(anyNative, (native) => {
        const series = { labels: {}, count: nativeCount(native), sum: 1, native };
        const push = readBytes(writeProtobuf([{ name: 'h', type: 'histogram', series: [series] }]));
        expect(push.notes).to.deep.equal([]);
        expect(push.native).to.deep.equal(native);
        expect(push.numbers).to.deep.equal([nativeCount(native), 1]);
      }),
    );
  });

  it('reads what client_golang pushed', () => {
    const bytes = readFileSync('spec/support/go/go-push/push.protobuf');
    const { families, notes } = runWithoutPauses(readPushInSteps(bytes, { format: 'protobuf' }));
    const nativeOf = (name: string): NativeHistogram | undefined => {
      const [series] = families.find((family) => family.name === name)!.series.values();
      return series!.native;
    };
    // 0.25, 0.75 and 4 at schema 3: 2^(-16/8), 2^(-3/8) and 2^(16/8).
    const positive = { indexes: [-16, -3, 16], counts: [1, 1, 1] };
    const expected = { schema: 3, zeroThreshold: 2 ** -128, zeroCount: 0, positive, negative: none };
    expect(nativeOf('go_native_seconds')).to.deep.equal(expected);
    expect(nativeOf('go_both_seconds')).to.deep.equal(expected);
    expect(nativeOf('go_wait_seconds')).to.equal(undefined);
    expect(notes).to.deep.equal([]);
  });

  it('reads packed deltas, spans with gaps, empty spans and empty buckets', () => {
    const packed = bytesField(13, Buffer.concat([2, -2, 3, 0].map((delta) => varint(zigZag(delta)))));
    const spans = [span(12, -3, 2), span(12, 0, 0), span(12, 4, 2)];
    const { native, notes } = read(count(8), schema(0), ...spans, packed);
    expect(native?.positive).to.deep.equal({ indexes: [-3, 3, 4], counts: [2, 3, 3] });
    expect(notes).to.deep.equal([]);
  });

  it('reads float histograms with whole numbers', () => {
    const counts = [2, 4].map((value) => doubleField(14, value));
    const packed = bytesField(11, doubleField(1, 5).subarray(1));
    const zero = doubleField(8, 1);
    const { native } = read(doubleField(4, 12), schema(2), zero, span(12, 1, 2), ...counts, span(9, 7, 1), packed);
    expect(native).to.deep.equal({
      ...{ schema: 2, zeroThreshold: 0, zeroCount: 1 },
      positive: { indexes: [1, 2], counts: [2, 4] },
      negative: { indexes: [7], counts: [5] },
    });
  });

  it('reads an empty histogram, and a classic one without native buckets', () => {
    const empty = { schema: 0, zeroThreshold: 0, zeroCount: 0, positive: none, negative: none };
    expect(read(count(0), span(12, 0, 0)).native).to.deep.equal(empty);
    expect(read(count(0), doubleField(6, 0.5)).native).to.deep.equal({ ...empty, zeroThreshold: 0.5 });
    expect(read(count(3), schema(3), deltas(13, 3))).to.deep.equal({ native: undefined, numbers: [3, 0], notes: [] });
  });

  it('converts higher resolutions than schema 8 to schema 8', () => {
    // At schema 40, 2^32 buckets are one bucket of schema 8.
    const { native } = read(count(3), schema(40), span(12, -1, 3), deltas(13, 1, 0, 0));
    expect(native).to.deep.include({ schema: 8, positive: { indexes: [0, 1], counts: [2, 1] } });
  });

  it('halves the resolution of a histogram with more than 2,048 buckets', () => {
    const fields = [span(12, -2_000, 5_000), deltas(13, 1, ...Array.from({ length: 4_999 }, () => 0))];
    const { native, numbers } = read(count(5_000), schema(8), ...fields);
    expect(native!.schema).to.equal(6);
    expect(native!.positive.indexes).to.have.length(1_251);
    expect(nativeCount(native!)).to.equal(5_000);
    expect(numbers).to.deep.equal([5_000, 0]);
  });

  it('reads the buckets of the smallest and largest numbers, and of infinity', () => {
    for (const [resolution, least, infinite] of [
      [8, -1_074 * 256, 1_024 * 256 + 1],
      [0, -1_074, 1_025],
      [-4, -67, 65],
    ] as const) {
      const spans = [span(12, least, 1), span(12, infinite - least - 1, 1)];
      const { native } = read(count(2), schema(resolution), ...spans, deltas(13, 1, 0));
      expect(native?.positive.indexes, String(resolution)).to.deep.equal([least, infinite]);
    }
  });

  const one = [span(12, 0, 1), deltas(13, 1)];
  const problems: readonly (readonly [title: string, fields: readonly Buffer[], problem: string])[] = [
    ['custom bounds', [count(1), schema(-53), ...one], 'the schema -53; expected -4 to 8'],
    ['a schema that is too low', [count(1), schema(-5), ...one], 'the schema -5'],
    ['a schema that is too high', [count(1), schema(53), ...one], 'the schema 53'],
    ['fewer counts than buckets', [count(1), span(12, 0, 2), deltas(13, 1)], 'spans for 2 buckets, but 1 counts'],
    ['counts without spans', [count(1), doubleField(6, 1), deltas(13, 1)], 'spans for 0 buckets, but 1 counts'],
    [
      'a span of 4 billion buckets',
      [count(1), span(12, 0, 2 ** 32 - 1), deltas(13, 1)],
      'spans for 4294967295 buckets',
    ],
    ['overlapping spans', [count(2), span(12, 5, 1), span(12, -1, 1), deltas(13, 1, 0)], 'the offset -1'],
    ['a negative count', [count(1), span(12, 0, 2), deltas(13, 1, -2)], 'a bucket with -1 observations'],
    ['a fraction', [doubleField(4, 1.5), span(12, 0, 1), doubleField(14, 1.5)], 'a bucket with 1.5 observations'],
    ['a NaN count', [count(1), span(12, 0, 1), doubleField(14, Number.NaN)], 'a bucket with NaN observations'],
    ['an infinite zero count', [count(1), doubleField(8, Number.POSITIVE_INFINITY)], 'a bucket with Infinity'],
    ['a count beyond 2^53', [count(2 ** 60), integerField(7, 2 ** 60)], 'a bucket with 1152921504606847000'],
    ['a negative zero threshold', [count(1), doubleField(6, -1), ...one], 'the zero threshold -1'],
    [
      'an infinite zero threshold',
      [count(1), doubleField(6, Number.POSITIVE_INFINITY), ...one],
      'Infinity; expected a',
    ],
    ['a bucket beyond all numbers', [count(1), span(12, 2_000, 1), deltas(13, 1)], 'the bucket 2000, which'],
    ['a bucket below all numbers', [count(1), span(9, -2_000, 1), deltas(10, 1)], 'the bucket -2000, which'],
    ['another count', [count(3), ...one], 'they have 1 observations, but the count is 3'],
    [
      'too many buckets',
      [count(1), span(12, 0, 70_000), deltas(13, ...Array.from({ length: 70_000 }, () => 0))],
      'more than 65536 buckets or spans',
    ],
  ];
  for (const [title, fields, problem] of problems) {
    it(`ignores native buckets with ${title}, and counts the rest`, () => {
      const { native, numbers, notes } = read(...fields);
      expect(native).to.equal(undefined);
      expect(numbers).to.have.length(2);
      expect(notes).to.have.length(1);
      expect(notes[0]).to.match(/^family 1, series 1: the native buckets of h\{\} are ignored: /);
      expect(notes[0]).to.include(problem);
    });
  }

  it('ignores the native buckets of a gauge histogram', () => {
    const metric = bytesField(4, bytesField(7, Buffer.concat([count(1), ...one])));
    const message = Buffer.concat([bytesField(1, 'h'), integerField(3, 5), metric]);
    const { notes } = readBytes(Buffer.concat([varint(message.length), message]));
    expect(notes).to.deep.equal([
      'family 1, series 1: the native buckets of h are ignored: gauge histograms have only classic buckets in the hub',
    ]);
  });

  it('returns valid native buckets, notes or PushRefused for any fields', () => {
    const extreme = fc.oneof(
      fc.integer({ min: -9, max: 9 }),
      fc.constantFrom(2 ** 31, -(2 ** 31), 2 ** 53, -(2 ** 62)),
    );
    const field = fc.oneof(
      fc.tuple(fc.integer({ min: 4, max: 16 }), extreme).map(([number, value]) => integerField(number, zigZag(value))),
      fc.tuple(fc.integer({ min: 4, max: 16 }), fc.double()).map(([number, value]) => doubleField(number, value)),
      fc.tuple(fc.constantFrom(9, 12), extreme, fc.nat(5)).map(([number, at, length]) => span(number, at, length)),
      fc.tuple(fc.constantFrom(10, 13), fc.nat(3)).map(([number, value]) => deltas(number, value)),
      fc
        .tuple(fc.nat(16), fc.uint8Array({ maxLength: 24 }))
        .map(([number, bytes]) => bytesField(number + 1, Buffer.from(bytes))),
    );
    const fields = fc.tuple(fc.nat(4), fc.array(field, { maxLength: 8 }), fc.option(anyNative));
    fc.assert(
      fc.property(fields, ([total, some, native]) => {
        const parts = [count(total), ...some, ...(native === null ? [] : [nativeFields(native)])];
        try {
          const push = read(...parts);
          if (push.native === undefined) return;
          expect(nativeCount(push.native)).to.equal(push.numbers!.slice(0, -1).reduce((sum, each) => sum + each, 0));
          for (const { indexes, counts } of [push.native.positive, push.native.negative]) {
            expect(counts.every((each) => each > 0)).to.equal(true);
            expect(indexes.every((index, at) => at === 0 || index > indexes[at - 1]!)).to.equal(true);
          }
        } catch (error) {
          expect(error).to.be.instanceOf(PushRefused);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
