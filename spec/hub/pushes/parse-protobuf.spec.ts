import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { readProtobuf } from '../../../lib/hub/pushes/parse-protobuf.js';
import { PushRefused, placeText } from '../../../lib/hub/pushes/push-refused.js';
import { Pace, runWithoutPauses } from '../../../lib/hub/pushes/sliced-work.js';
import type { StatedFamily } from '../../../lib/hub/pushes/stated-series.js';
import {
  bytesField,
  delimitedFamily,
  doubleField,
  integerField,
  varint,
  type WrittenFamily,
  type WrittenSeries,
  writeProtobuf,
} from '../../support/protobuf-writer.js';

function read(bytes: Buffer, grouping: readonly string[] = []): StatedFamily[] {
  return runWithoutPauses(readProtobuf(bytes, { grouping: new Set(grouping), note: () => {}, pace: new Pace() }));
}

/** A `MetricFamily` with the parts of one metric. */
function familyOf(type: number, ...metricParts: readonly Buffer[]): Buffer {
  const message = Buffer.concat([bytesField(1, 'a'), integerField(3, type), bytesField(4, Buffer.concat(metricParts))]);
  return Buffer.concat([varint(message.length), message]);
}

const label = (name: string, value: string | Buffer): Buffer =>
  bytesField(1, Buffer.concat([bytesField(1, name), bytesField(2, value)]));
const gaugeValue = bytesField(2, doubleField(1, 1));

describe('readProtobuf', () => {
  it('reads counters, gauges, summaries, untyped metrics and histograms with their creation times', () => {
    const families = read(
      writeProtobuf([
        {
          name: 'c_total',
          help: 'Calls.',
          type: 'counter',
          series: [{ labels: { a: 'é"\n' }, value: 3, created: 17.5 }],
        },
        { name: 'g', type: 'gauge', series: [{ labels: {}, value: -1.5 }] },
        { name: 'u', type: 'untyped', series: [{ labels: {}, value: Number.NaN }] },
        {
          name: 's',
          type: 'summary',
          series: [{ labels: {}, count: 2, sum: 3, points: [[0.5, 1]], created: 18 }],
        },
        {
          name: 'h',
          type: 'histogram',
          series: [
            {
              labels: { x: '1' },
              count: 5,
              sum: -2,
              points: [
                [1, 2],
                [Number.POSITIVE_INFINITY, 5],
              ],
              created: 19,
            },
          ],
        },
      ]),
    );
    const shown = families.map(({ name, type, help, series }) => {
      const [one] = series.values();
      const { labels, place, points, ...values } = one!;
      return [name, type, help, labels.text, placeText(place), [...points], values];
    });
    expect(shown).to.deep.equal([
      ['c_total', 'counter', 'Calls.', 'a="é\\"\\n"', 'family 1, series 1', [], { value: 3, created: 17.5 }],
      ['g', 'gauge', '', '', 'family 2, series 1', [], { value: -1.5, created: undefined }],
      ['u', 'untyped', '', '', 'family 3, series 1', [], { value: Number.NaN, created: undefined }],
      ['s', 'summary', '', '', 'family 4, series 1', [[0.5, 1]], { count: 2, sum: 3, created: 18 }],
      [
        'h',
        'histogram',
        '',
        'x="1"',
        'family 5, series 1',
        [
          [1, 2],
          [Number.POSITIVE_INFINITY, 5],
        ],
        { count: 5, sum: -2, created: 19 },
      ],
    ]);
  });

  it('reads what client_golang pushed', () => {
    // Recorded with spec/support/go/go-push, which spec/e2e/hub-input.spec.ts runs.
    const families = read(readFileSync('spec/support/go/go-push/push.protobuf'));
    const shown = families.map(({ name, type, series }) => [
      `${name} ${type}`,
      ...[...series.values()].map(({ labels, value, count, sum, points }) => [
        labels.text,
        value,
        count,
        sum,
        ...points,
      ]),
    ]);
    expect(shown).to.deep.equal([
      ['go_both_seconds histogram', ['', undefined, 3, 5, [1, 2]]],
      ['go_calls gauge', ['', -2.5, undefined, undefined]],
      [
        'go_calls_total counter',
        ['code="200",method="get"', 3, undefined, undefined],
        ['code="500",method="é\\"\\\\\\n"', 1.5, undefined, undefined],
      ],
      ['go_native_seconds histogram', ['', undefined, 3, 5]],
      ['go_size_bytes summary', ['', undefined, 3, 5, [0.5, 0.75]]],
      ['go_untyped untyped', ['', 7, undefined, undefined]],
      ['go_wait_seconds histogram', ['', undefined, 3, 5, [0.5, 1], [1, 2]]],
    ]);
  });

  it('reads count and sum of a histogram with only native buckets', () => {
    const native = [
      integerField(1, 7),
      doubleField(2, 9),
      integerField(5, 6),
      bytesField(12, integerField(2, 3)),
      bytesField(13, varint(4)),
    ];
    const [family] = read(familyOf(4, bytesField(7, Buffer.concat(native))));
    const [series] = family!.series.values();
    expect(series).to.deep.include({ count: 7, sum: 9 });
    expect(series!.points.size).to.equal(0);
  });

  it('reads counts of float histograms', () => {
    const [family] = read(
      writeProtobuf([{ name: 'h', type: 'histogram', series: [{ labels: {}, floatCount: 2.5, sum: 1 }] }]),
    );
    expect([...family!.series.values()][0]).to.deep.include({ count: 2.5 });
  });

  it('converts a gauge histogram to gauges', () => {
    const points = [
      [1, 2],
      [Number.POSITIVE_INFINITY, 5],
    ] as const;
    const families = read(
      writeProtobuf([{ name: 'q', type: 'gaugehistogram', series: [{ labels: {}, count: 5, sum: 9, points }] }]),
    );
    const shown = families.map(({ name, type, series }) => [
      name,
      type,
      [...series].map(([key, { value }]) => [key, value]),
    ]);
    expect(shown).to.deep.equal([
      [
        'q_bucket',
        'gauge',
        [
          ['le="1"', 2],
          ['le="+Inf"', 5],
        ],
      ],
      ['q_gcount', 'gauge', [['', 5]]],
      ['q_gsum', 'gauge', [['', 9]]],
    ]);
  });

  it('merges messages of one metric, and reads a type after the series', () => {
    const one = Buffer.concat([
      bytesField(4, Buffer.concat([label('x', '1'), gaugeValue])),
      bytesField(1, 'a'),
      integerField(3, 1),
    ]);
    const other = delimitedFamily({ name: 'a', type: 'gauge', series: [{ labels: { x: '2' }, value: 2 }] });
    const [family, ...others] = read(Buffer.concat([varint(one.length), one, other]));
    expect(others).to.have.length(0);
    expect([...family!.series.values()].map(({ value }) => value)).to.deep.equal([1, 2]);
  });

  it('removes the labels of the path and skips unknown fields and empty metrics', () => {
    const parts = [label('job', 'x'), integerField(99, 5), doubleField(98, 1), bytesField(97, 'x'), gaugeValue];
    const fixed32 = Buffer.concat([varint(96 * 8 + 5), Buffer.alloc(4)]);
    const families = read(Buffer.concat([familyOf(1, fixed32, ...parts), varint(0)]), ['job']);
    expect(families.map(({ series }) => [...series.keys()])).to.deep.equal([['']]);
    expect(read(Buffer.alloc(0))).to.deep.equal([]);
  });

  it('writes _ for characters that the text format does not allow in names', () => {
    const [family] = read(
      writeProtobuf([
        { name: 'my.metric', type: 'gauge', series: [{ labels: { 'k8s.pod': 'p', üx: 'v' }, value: 1 }] },
      ]),
    );
    expect(family!.name).to.equal('my_metric');
    expect([...family!.series.keys()]).to.deep.equal(['_x="v",k8s_pod="p"']);
  });

  const refused: readonly (readonly [title: string, bytes: Buffer, problem: string])[] = [
    [
      'a timestamp',
      writeProtobuf([{ name: 'a', type: 'gauge', series: [{ labels: {}, value: 1, timestamp: 1 }] }]),
      'family 1, series 1: a timestamp',
    ],
    [
      'a length beyond the end',
      Buffer.from([5, 1]),
      'malformed protobuf at byte 1: a length of 5, but only 1 bytes follow',
    ],
    ['an inner length beyond its message', Buffer.from([3, 0x0a, 9, 65]), 'a length of 9'],
    ['an integer without end', Buffer.alloc(11, 0xff), 'an integer has more than 10 bytes'],
    ['an incomplete integer', Buffer.from([0xff]), 'byte 1: a length of 1, but only 0 bytes follow'],
    ['a group', Buffer.from([1, 0x2b]), 'the wire type 3'],
    ['another wire type', Buffer.from([2, 0x08, 1]), 'the wire type 0; expected 2'],
    ['the field 0', Buffer.from([2, 0x00, 1]), 'a field has the number 0'],
    ['a name that is not UTF-8', familyOf(1, label('x', Buffer.from([0xff])), gaugeValue), 'a text is not UTF-8'],
    [
      'no name',
      Buffer.concat([varint(4), bytesField(4, Buffer.from([0x12, 0]))]),
      'family 1, series 1: expected a metric name',
    ],
    ['an unknown type', familyOf(9, gaugeValue), 'the type 9 of a'],
    ['values of another type', familyOf(0, gaugeValue), 'the counter a has no values'],
    ['a label twice', familyOf(1, label('x', '1'), label('x', '2'), gaugeValue), 'the label "x" occurs twice'],
    ['a reserved label', familyOf(1, label('__x', '1'), gaugeValue), 'names that start with __'],
    ['a label without a name', familyOf(1, label('', '1'), gaugeValue), 'expected a label name'],
    [
      'a histogram with the label le',
      familyOf(4, label('le', '1'), bytesField(7, integerField(1, 1))),
      'family 1, series 1: a histogram must not have the label le; use the field bucket',
    ],
    [
      'a summary with the label quantile',
      familyOf(2, label('quantile', '1'), bytesField(4, integerField(1, 1))),
      'family 1, series 1: a summary must not have the label quantile; use the field quantile',
    ],
    [
      'a series twice',
      writeProtobuf([
        {
          name: 'a',
          type: 'gauge',
          series: [
            { labels: {}, value: 1 },
            { labels: {}, value: 2 },
          ],
        },
      ]),
      'family 1, series 2: a{} occurs twice',
    ],
    [
      'a metric with two types',
      writeProtobuf([
        { name: 'a', type: 'gauge', series: [{ labels: {}, value: 1 }] },
        { name: 'a', type: 'counter', series: [{ labels: {}, value: 1 }] },
      ]),
      'family 2, series 1: "a" has two types, gauge and counter',
    ],
    [
      'too many labels',
      familyOf(1, ...Array.from({ length: 257 }, (_, index) => label(`l${index}`, '')), gaugeValue),
      'more than 256 labels',
    ],
    ['labels of more than 64 KiB', familyOf(1, label('x', 'x'.repeat(70_000)), gaugeValue), 'more than 65536'],
    [
      'too many buckets',
      writeProtobuf([
        {
          name: 'h',
          type: 'histogram',
          series: [{ labels: {}, points: Array.from({ length: 2_049 }, (_, index) => [index, 1] as const) }],
        },
      ]),
      'more than 2048 buckets',
    ],
    [
      'more series than the size of the push allows',
      Buffer.concat([varint(24_000), Buffer.from('2200'.repeat(12_000), 'hex')]),
      'more than 10000 series',
    ],
  ];
  for (const [title, bytes, problem] of refused) {
    it(`rejects ${title}`, () => {
      expect(() => read(bytes)).to.throw(PushRefused, problem);
    });
  }

  const word = fc.string({ unit: fc.constantFrom('a', 'b', '_c', 'd1'), minLength: 1, maxLength: 4 });
  const number = fc.double({ noNaN: true, noDefaultInfinity: true });
  const count = fc.nat();
  const points = fc.uniqueArray(fc.tuple(number, count), {
    selector: ([point]) => point,
    comparator: 'SameValueZero',
    maxLength: 4,
  });
  const labels = fc.dictionary(word, fc.string({ minLength: 1, maxLength: 8 }), {
    maxKeys: 3,
    noNullPrototype: true,
  });
  const createdTime = fc.option(fc.integer({ min: -10, max: 2 ** 40 }), { nil: undefined });
  const seriesOf: Readonly<Record<string, fc.Arbitrary<WrittenSeries>>> = {
    counter: fc.record({ labels, value: number, created: createdTime }),
    gauge: fc.record({ labels, value: fc.double() }),
    untyped: fc.record({ labels, value: fc.double() }),
    summary: fc.record({ labels, count, sum: number, points, created: createdTime }),
    histogram: fc.record({ labels, count, sum: number, points, created: createdTime }),
  } as never;
  const keyOf = ({ labels: given }: WrittenSeries): string => JSON.stringify(Object.entries(given).sort());
  const family: fc.Arbitrary<WrittenFamily> = fc
    .constantFrom('counter', 'gauge', 'untyped', 'summary', 'histogram')
    .chain((type) =>
      fc.record({
        name: word,
        help: fc.string({ unit: 'grapheme', maxLength: 20 }),
        type: fc.constant(type as WrittenFamily['type']),
        series: fc.uniqueArray(seriesOf[type]!, { selector: keyOf, minLength: 1, maxLength: 4 }),
      }),
    );

  it('reads every written metric', () => {
    fc.assert(
      fc.property(fc.uniqueArray(family, { selector: ({ name }) => name, maxLength: 5 }), (families) => {
        const shown = read(writeProtobuf(families)).map(({ name, help, type, series }) => ({
          name,
          help,
          type,
          series: [...series.values()].map(({ labels: set, place: _, points: read, ...values }) => ({
            labels: set.text,
            points: [...read],
            ...values,
          })),
        }));
        const expected = families.map(({ series, ...rest }) => ({
          ...rest,
          series: series.map(({ labels: given, points: written = [], ...values }) => ({
            labels: Object.entries(given)
              .map(
                ([key, value]) =>
                  `${key}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`,
              )
              .join(),
            // A map cannot have the key -0.
            points: written.map(([point, value]) => [point + 0, value]),
            created: undefined,
            ...values,
          })),
        }));
        expect(shown).to.deep.equal(expected);
      }),
    );
  });

  it('returns families or throws PushRefused for any bytes', () => {
    const mutated = fc
      .tuple(fc.array(family, { minLength: 1, maxLength: 2 }), fc.nat(), fc.nat({ max: 255 }))
      .map(([families, at, byte]) => {
        const bytes = writeProtobuf(families);
        bytes[at % bytes.length] = byte;
        return bytes;
      });
    const anything = fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(mutated, anything), (bytes) => {
        try {
          read(bytes);
        } catch (error) {
          expect(error).to.be.instanceOf(PushRefused);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('yields after each 64 KiB, and takes linear time', () => {
    const series = Array.from({ length: 20_000 }, (_, index) => ({ labels: { x: String(index) }, value: index }));
    const streams = [writeProtobuf([{ name: 'a', type: 'gauge', series }]), Buffer.alloc(200_000)];
    for (const bytes of streams) {
      const pace = new Pace();
      const work = readProtobuf(bytes, { grouping: new Set(), note: () => {}, pace });
      const yields = [...work].length;
      expect(pace.total).to.be.within(bytes.length, 10 * bytes.length);
      expect(yields).to.be.at.least(Math.floor(pace.total / 66_000));
    }
  });
});
