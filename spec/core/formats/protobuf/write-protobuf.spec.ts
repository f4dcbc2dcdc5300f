import { expect } from 'chai';
import fc from 'fast-check';
import { formatValue } from '../../../../lib/core/formats/escape.js';
import type { Exemplar, Family, ReadableSeries } from '../../../../lib/core/formats/family.js';
import { writeProtobuf } from '../../../../lib/core/formats/protobuf/write-protobuf.js';
import { writeText } from '../../../../lib/core/formats/text.js';
import type { MetricOptions } from '../../../../lib/core/metrics/descriptor.js';
import { anyFamily, familyOfModel } from '../../../support/any-family.js';
import { familyOf, type SeriesValues } from '../../../support/families.js';
import { parseText, type Sample } from '../../../support/parse-text.js';
import { expectedSeries, writtenSeries } from '../../../support/protobuf-model.js';
import { type ReadFamily, readFamilies } from '../../../support/protobuf-reader.js';

const NOTHING = new Uint8Array(0);
const created = 1_700_000_000.5;
const counter: MetricOptions = { name: 'calls_total', help: 'Calls.', kind: 'counter', labels: ['model'] };
const histogram: MetricOptions = {
  ...{ name: 'wait_seconds', help: 'Wait.', kind: 'histogram', unit: 'seconds' },
  ...{ labels: ['model'], buckets: [0.5, 1] },
};
const exemplar: Exemplar = { labels: { trace_id: 'a1' }, value: 0.25, timestampSeconds: 1_700_000_001.25 };

describe('writeProtobuf', () => {
  it('writes a counter with its start time', () => {
    expect(written(familyOf(counter, { labels: { model: 'a' }, cells: [3] }))).to.deep.equal([
      {
        ...{ name: 'calls_total', help: 'Calls.', type: 'counter', unit: '' },
        metrics: [
          { labels: [['model', 'a']], field: 'counter', value: 3, exemplar: undefined, createdSeconds: created },
        ],
      },
    ]);
  });

  it('writes gauges, and info metrics as gauges with the value 1', () => {
    const gauge = familyOf({ name: 'depth', help: '', kind: 'gauge' }, { cells: [-2.5] });
    const info = familyOf({ name: 'build_info', help: 'Build.', kind: 'info' }, { cells: [7] }, { cells: [0] });
    expect(written(gauge, info)).to.deep.equal([
      { name: 'depth', help: '', type: 'gauge', unit: '', metrics: [{ labels: [], field: 'gauge', value: -2.5 }] },
      {
        name: 'build_info',
        help: 'Build.',
        type: 'gauge',
        unit: '',
        metrics: [{ labels: [], field: 'gauge', value: 1 }],
      },
    ]);
  });

  it('writes cumulative buckets without +Inf, whose count is the count', () => {
    const [family] = written(familyOf(histogram, { labels: { model: 'a' }, cells: [2, 0, 1, 9.5] }));
    expect(family).to.include({ type: 'histogram', unit: 'seconds' });
    expect(family?.metrics[0]).to.include({ count: 3n, sum: 9.5, createdSeconds: created, schema: undefined });
    expect(family?.metrics[0]?.buckets).to.deep.equal([
      { bound: 0.5, count: 2n, exemplar: undefined },
      { bound: 1, count: 2n, exemplar: undefined },
    ]);
  });

  it('writes exemplars of counters and buckets, also of the bucket +Inf', () => {
    const values = { labels: { model: 'a' }, cells: [2, 0, 1, 9.5], exemplars: [exemplar, undefined, exemplar] };
    const [calls, wait] = written(familyOf(counter, values), familyOf(histogram, values));
    expect(calls?.metrics[0]?.exemplar).to.deep.equal(exemplar);
    expect(wait?.metrics[0]?.buckets).to.deep.equal([
      { bound: 0.5, count: 2n, exemplar },
      { bound: 1, count: 2n, exemplar: undefined },
      { bound: Number.POSITIVE_INFINITY, count: 3n, exemplar },
    ]);
  });

  it('writes the bucket +Inf of a native histogram without other classic buckets', () => {
    const { descriptor, series } = familyOf(histogram, { labels: { model: 'a' }, cells: [3, 9.5] });
    const buckets = { indexes: [], counts: [] };
    const native = { schema: 3, zeroThreshold: 0, zeroCount: 3, positive: buckets, negative: buckets };
    const [family] = written({
      descriptor: { ...descriptor, buckets: [] },
      series: Array.from(series, (one) => ({ ...one, native: () => native })),
    });
    expect(family?.metrics[0]).to.include({ count: 3n, schema: 3 });
    expect(family?.metrics[0]?.buckets).to.deep.equal([
      { bound: Number.POSITIVE_INFINITY, count: 3n, exemplar: undefined },
    ]);
  });

  it('writes no exemplar whose labels have more than 128 characters', () => {
    const long = { ...exemplar, labels: { trace_id: 'x'.repeat(121) } };
    const [calls] = written(familyOf(counter, { labels: { model: 'a' }, cells: [1], exemplars: [long] }));
    expect(calls?.metrics[0]?.exemplar).to.equal(undefined);
  });

  it('writes summaries', () => {
    const [family] = written(summary([0.5, 0.99], [1, Number.NaN, 4, 12.5]));
    expect(family?.metrics[0]).to.deep.include({ count: 4n, sum: 12.5, createdSeconds: created });
    expect(family?.metrics[0]?.quantiles).to.deep.equal([
      [0.5, 1],
      [0.99, Number.NaN],
    ]);
  });

  it('omits a summary series whose count is not an unsigned integer', () => {
    for (const count of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(written(summary([], [count, 1])), String(count)).to.deep.equal([]);
    }
  });

  it('omits metrics without series', () => {
    const empty = familyOf(counter);
    const full = familyOf({ name: 'depth', help: '', kind: 'gauge' }, { cells: [1] });
    expect(written(empty, full, empty).map(({ name }) => name)).to.deep.equal(['depth']);
    expect([...writeProtobuf([empty], { escaping: 'allow-utf-8', rest: NOTHING })]).to.deep.equal([]);
  });

  it('appends the other messages', () => {
    const one = bytesOf([familyOf(counter, { labels: { model: 'a' }, cells: [1] })]);
    expect(
      bytesOf([familyOf(histogram, { labels: { model: 'a' }, cells: [1] })], one).subarray(-one.length),
    ).to.deep.equal(one);
    expect(bytesOf([], one)).to.deep.equal(one);
  });

  it('omits a metric whose samples have the names of another metric', () => {
    const clashing = familyOf({ name: 'wait_seconds_count', help: '', kind: 'gauge' }, { cells: [1] });
    const families = written(familyOf(histogram, { labels: { model: 'a' }, cells: [] }), clashing);
    expect(families.map(({ name }) => name)).to.deep.equal(['wait_seconds']);
  });

  it('writes no unit that the name does not end with', () => {
    const odd = familyOf({ name: 'wait', help: '', kind: 'gauge', unit: 'seconds' }, { cells: [1] });
    const total = familyOf({ name: 'busy_seconds_total', help: '', kind: 'counter', unit: 'seconds' }, { cells: [1] });
    expect(written(odd, total).map(({ unit }) => unit)).to.deep.equal(['', 'seconds']);
  });

  it('writes counts that are not integers as doubles', () => {
    const [family] = written(familyOf(histogram, { labels: { model: 'a' }, cells: [0.5, 0.25, 1, 1] }));
    expect(family?.metrics[0]).to.include({ count: undefined, floatCount: 1.75 });
    expect(family?.metrics[0]?.buckets?.map(({ count }) => count)).to.deep.equal([0.5, 0.75]);
  });

  it('omits start times that are not times', () => {
    for (const createdSeconds of [Number.NaN, -1, Number.POSITIVE_INFINITY]) {
      const [family] = written(familyOf(counter, { labels: { model: 'a' }, cells: [1], createdSeconds }));
      expect(family?.metrics[0]?.createdSeconds, String(createdSeconds)).to.equal(undefined);
    }
  });

  it('rounds start times to microseconds', () => {
    for (const [createdSeconds, expected] of [
      [1_700_000_000.123, 1_700_000_000.123],
      [1_699_999_999.999_999_8, 1_700_000_000],
      [0, 0],
    ] as const) {
      const [family] = written(familyOf(counter, { labels: { model: 'a' }, cells: [1], createdSeconds }));
      expect(family?.metrics[0]?.createdSeconds).to.equal(expected);
    }
  });

  it('writes the values of any families', () => {
    fc.assert(
      fc.property(fc.array(anyFamily({ hasNative: true }), { maxLength: 4 }), fc.boolean(), (models, isLogged) => {
        const distinct = models.map((model, index) => {
          const { name, ...descriptor } = model.descriptor;
          return { ...model, descriptor: { ...descriptor, name: `m${index}_${name}` } };
        });
        const families = written(...distinct.map((model) => familyOfModel(model, { isLogged })));
        const expected = distinct
          .map((model) => ({ name: model.descriptor.name, series: expectedSeries(model) }))
          .filter(({ series }) => series.length > 0);
        expect(families.map((one) => ({ name: one.name, series: writtenSeries(one) }))).to.deep.equal(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('contains the values of the text format', () => {
    fc.assert(
      fc.property(anyFamily({ hasNative: false }), (model) => {
        const family = familyOfModel(model, { isLogged: true });
        const [inText] = parseText(writeText([family]));
        const [inProtobuf] = written(family);
        const samples = inProtobuf === undefined ? [] : textSamples(inProtobuf);
        expect(samples).to.deep.equal(inText?.samples.map(comparable));
        if (inProtobuf !== undefined) expect(inProtobuf.type).to.equal(inText?.type);
      }),
    );
  });

  it('writes a large family in pieces, with pauses before the first one', () => {
    const count = 40_000;
    const series = Array.from({ length: count }, (_, index) => ({ labels: { model: `m${index}` }, cells: [index] }));
    const small = (name: string) => familyOf({ name, help: '', kind: 'gauge' }, { cells: [1] });
    const pieces: Buffer[] = [];
    let pauses = 0;
    for (const piece of writeProtobuf([small('a'), familyOf(counter, ...series), small('b')], options())) {
      if (piece.length === 0) pauses++;
      else pieces.push(Buffer.from(piece));
    }
    expect(pieces.length).to.be.greaterThan(2);
    expect(pauses).to.be.greaterThan(1);
    const families = readFamilies(Buffer.concat(pieces));
    expect(families.map(({ name }) => name)).to.deep.equal(['a', 'calls_total', 'b']);
    expect(families[1]?.metrics.map(({ value }) => value)).to.deep.equal(Array.from({ length: count }, (_, n) => n));
  });

  it('writes a series that is larger than a piece', () => {
    const value = 'x'.repeat(1_000_000);
    const [family] = written(familyOf(counter, { labels: { model: value }, cells: [1] }));
    expect(family?.metrics[0]?.labels).to.deep.equal([['model', value]]);
  });
});

function options() {
  return { escaping: 'allow-utf-8', rest: NOTHING } as const;
}

function bytesOf(families: readonly Family[], rest: Uint8Array = NOTHING): Buffer {
  const pieces = writeProtobuf(families, { ...options(), rest });
  return Buffer.concat(Array.from(pieces, (piece) => Buffer.from(piece)));
}

function written(...families: readonly Family[]): ReadFamily[] {
  return readFamilies(bytesOf(families));
}

function summary(quantiles: readonly number[], cells: SeriesValues['cells']): Family {
  const { descriptor, series } = familyOf({ name: 'size', help: '', kind: 'gauge' }, { cells });
  return { descriptor: { ...descriptor, kind: 'summary', buckets: quantiles }, series: series as ReadableSeries[] };
}

/** A sample whose value is not -0, which the text format doesn't have. */
function comparable({ name, labels, value }: Pick<Sample, 'name' | 'labels' | 'value'>) {
  return { name, labels, value: value + 0 };
}

/** The samples of the text format, in its order. */
function textSamples({ name, metrics }: ReadFamily): ReturnType<typeof comparable>[] {
  return metrics.flatMap(({ labels: pairs, value, quantiles, buckets, count, sum }) => {
    const labels = Object.fromEntries(pairs);
    if (value !== undefined) return [comparable({ name, labels, value })];
    const finite = buckets?.filter(({ bound }) => bound !== Number.POSITIVE_INFINITY);
    const points = finite?.map(({ bound, count: upTo }) => [bound, Number(upTo)] as const) ?? quantiles ?? [];
    const total = Number(count);
    const all = buckets === undefined ? points : [...points, [Number.POSITIVE_INFINITY, total] as const];
    const [suffix, label] = buckets === undefined ? ['', 'quantile'] : ['_bucket', 'le'];
    return [
      ...all.map(([point, at]) =>
        comparable({ name: name + suffix, labels: { ...labels, [label]: formatValue(point) }, value: at }),
      ),
      comparable({ name: `${name}_sum`, labels, value: sum! }),
      comparable({ name: `${name}_count`, labels, value: total }),
    ];
  });
}
