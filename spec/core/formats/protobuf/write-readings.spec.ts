import { expect } from 'chai';
import { readMetrics } from '../../../../lib/core/formats/foreign.js';
import type { ForeignData, ForeignMetric } from '../../../../lib/core/formats/foreign-metric.js';
import type { Named } from '../../../../lib/core/formats/foreign-types.js';
import type { Escaping } from '../../../../lib/core/formats/format.js';
import { writeProtobufReadings } from '../../../../lib/core/formats/protobuf/write-readings.js';
import { readFamilies } from '../../../support/protobuf-reader.js';

const exemplar = { labelSet: { trace_id: 'a1' }, value: 0.25, timestamp: 1_700_000_001.25 };

describe('writeProtobufReadings', () => {
  it('writes counters with exemplars, gauges and metrics without a type', async () => {
    const { families } = await write([
      data('calls_total', 'counter', [{ labels: { a: '1' }, value: 2, exemplar }]),
      data('depth', 'gauge', [{ labels: {}, value: Number.NaN }]),
      data('other', 'untyped', [{ labels: { b: 'x\ny' }, value: -0.5 }]),
    ]);
    expect(families.map(({ type, metrics }) => [type, metrics])).to.deep.equal([
      [
        'counter',
        [
          {
            ...{ labels: [['a', '1']], field: 'counter', value: 2, createdSeconds: undefined },
            exemplar: { labels: { trace_id: 'a1' }, value: 0.25, timestampSeconds: 1_700_000_001.25 },
          },
        ],
      ],
      ['gauge', [{ labels: [], field: 'gauge', value: Number.NaN }]],
      ['untyped', [{ labels: [['b', 'x\ny']], field: 'untyped', value: -0.5 }]],
    ]);
  });

  it('writes a message for each series of a histogram, with its own buckets', async () => {
    const bucket = (le: number | string, value: number, labels = {}) => ({
      ...{ labels: { ...labels, le }, value, metricName: 'wait_bucket' },
    });
    const { families } = await write([
      data('wait', 'histogram', [
        { ...bucket(0.5, 1), exemplar },
        bucket('+Inf', 3),
        { labels: {}, value: 7.5, metricName: 'wait_sum' },
        { labels: {}, value: 3, metricName: 'wait_count' },
        bucket(1, 1.5, { a: '2' }),
        bucket('+Inf', 2.5, { a: '2' }),
      ]),
    ]);
    const [first, second] = families[0]!.metrics;
    expect(first).to.deep.include({ labels: [], count: 3n, sum: 7.5 });
    expect(first?.buckets?.map(({ bound, count }) => [bound, count])).to.deep.equal([[0.5, 1n]]);
    expect(first?.buckets?.[0]?.exemplar?.labels).to.deep.equal({ trace_id: 'a1' });
    expect(second).to.deep.include({ labels: [['a', '2']], count: undefined, floatCount: 2.5, sum: Number.NaN });
    expect(second?.buckets?.map(({ bound, count }) => [bound, count])).to.deep.equal([[1, 1.5]]);
  });

  it('writes summaries, and omits a series whose count is not an unsigned integer', async () => {
    const series = (a: string, count: number) => [
      { labels: { a, quantile: 0.5 }, value: 4 },
      { labels: { a }, value: 9, metricName: 'size_sum' },
      { labels: { a }, value: count, metricName: 'size_count' },
    ];
    const { families } = await write([data('size', 'summary', [...series('1', 2), ...series('2', -1)])]);
    expect(families[0]?.metrics).to.deep.equal([
      {
        ...{ labels: [['a', '1']], field: 'summary', count: 2n, sum: 9, quantiles: [[0.5, 4]] },
        createdSeconds: undefined,
      },
    ]);
  });

  it('names omitted and repaired metrics', async () => {
    const broken: ForeignMetric = { name: 'broken', metric: { get: () => Promise.reject(new Error('no')) } };
    const taken = data('wait_count', 'gauge', [{ labels: {}, value: 1 }]);
    const invalid = { labelSet: {}, value: Number.NaN };
    const odd = data('odd', 'gauge', [{ labels: {}, value: 1, exemplar: invalid }]);
    const reserved = [{ name: 'wait', type: 'histogram' }];
    const { families, failed, repaired } = await write([broken, taken, odd], { reserved });
    expect(families.map(({ name }) => name)).to.deep.equal(['odd']);
    expect(failed).to.deep.equal(['broken', 'wait_count']);
    expect(repaired).to.deep.equal(['odd']);
  });

  it('names metrics with omitted series', async () => {
    const values = [
      { labels: { 'a.b': '1' }, value: 1 },
      { labels: { a_b: '1' }, value: 2 },
    ];
    const { families, failed, repaired } = await write([data('depth', 'gauge', values)], { escaping: 'underscores' });
    expect(families[0]?.metrics.map(({ value }) => value)).to.deep.equal([1]);
    expect([failed, repaired]).to.deep.equal([[], ['depth']]);
  });

  it('escapes names, and omits metrics without series', async () => {
    const metrics = [data('a:b', 'gauge', [{ labels: {}, value: 1 }]), data('empty', 'gauge', [])];
    expect((await write(metrics, { escaping: 'dots' })).families.map(({ name }) => name)).to.deep.equal(['a:b']);
  });

  it('writes more series than a time slice handles', async () => {
    const values = Array.from({ length: 5_000 }, (_, index) => ({ labels: { a: `v${index}` }, value: index }));
    const { families } = await write([data('many', 'gauge', values)]);
    expect(families[0]?.metrics.map(({ value }) => value)).to.deep.equal(values.map(({ value }) => value));
  });
});

function data(name: string, type: string, values: ForeignData['values']): ForeignMetric {
  return { name, metric: { get: () => ({ name, help: 'Help.', type, ...(values && { values }) }) } };
}

async function write(
  metrics: readonly ForeignMetric[],
  { escaping = 'allow-utf-8', reserved = [] }: { readonly escaping?: Escaping; readonly reserved?: Named[] } = {},
) {
  const { bytes, ...names } = await writeProtobufReadings(await readMetrics(metrics, { reserved }), {
    escaping,
    reserved,
  });
  return { families: readFamilies(Buffer.from(bytes)), ...names };
}
