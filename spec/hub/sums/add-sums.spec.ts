import { expect } from 'chai';
import type { Family } from '../../../lib/core/formats/family.js';
import { writeForeign } from '../../../lib/core/formats/foreign.js';
import { textFormat, writeText } from '../../../lib/core/formats/text.js';
import {
  type Aggregation,
  type CustomMetricOptions,
  type Descriptor,
  describeCustomMetric,
  describeMetric,
  type MetricOptions,
} from '../../../lib/core/metrics/descriptor.js';
import type { NativeHistogram } from '../../../lib/core/metrics/native/native-histogram.js';
import { addSums, type ScrapeMetrics } from '../../../lib/hub/sums/add-sums.js';
import { gaugeAggregations } from '../../../lib/hub/sums/combine-gauges.js';
import { parseText } from '../../support/parse-text.js';
import { writeProtobuf } from '../../support/protobuf-writer.js';
import { openHub } from '../../support/pushing.js';

const protobuf = 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';

type OwnSeries = Readonly<Record<string, readonly number[]>>;

function family(options: MetricOptions, series: OwnSeries): Family {
  return familyWith(describeMetric(options), series);
}

function customFamily(options: CustomMetricOptions, series: OwnSeries): Family {
  return familyWith(describeCustomMetric(options), series);
}

/** A histogram `h` of this process with one observation, which is 20, and its native buckets. */
function nativeFamily(labelText: string, native: NativeHistogram | undefined): Family {
  const descriptor = describeMetric({ name: 'h', help: '', kind: 'histogram', buckets: [1], labels: ['x'] });
  const series = { labelText, createdSeconds: 1, cell: (index: number) => [0, 1, 20][index]!, native: () => native };
  return { descriptor, series: [series] };
}

/** Native buckets with one observation. */
function nativeWith(index: number, schema = 0): NativeHistogram {
  const positive = { indexes: [index], counts: [1] };
  return { schema, zeroThreshold: 0, zeroCount: 0, positive, negative: { indexes: [], counts: [] } };
}

/** The native buckets of the histogram `h` by its labels, after a push of series with one observation each. */
async function addedNative(own: readonly Family[], ...pushed: readonly (readonly [x: string, NativeHistogram?])[]) {
  const { hub } = await openHub();
  const series = pushed.map(([x, native]) => ({
    ...{ labels: { x }, count: 1, sum: 8, points: [[1, 0]] as const },
    ...(native && { native }),
  }));
  const text = writeProtobuf([{ name: 'h', type: 'histogram', series }]);
  await hub.push({ path: '/metrics/job/a', text, contentType: protobuf, replaces: 'group' });
  const [added] = addSums({ families: own, foreign: [] }, await hub.sums()).families;
  const { descriptor } = added!;
  return {
    settings: descriptor.native,
    series: Object.fromEntries([...added!.series].map(({ labelText, native }) => [labelText, native?.()])),
  };
}

function familyWith(descriptor: Descriptor, series: OwnSeries): Family {
  const readable = Object.entries(series).map(([labelText, numbers]) => ({
    labelText,
    createdSeconds: 1,
    cell: (index: number) => numbers[index] ?? 0,
  }));
  // A gathered family has accessors, which a spread would not copy.
  return Object.create({
    get descriptor() {
      return descriptor;
    },
    get series() {
      return readable;
    },
  }) as Family;
}

async function scraped(own: Partial<ScrapeMetrics>, ...pushed: string[]): Promise<string[]> {
  const { hub, put } = await openHub();
  for (const [index, text] of pushed.entries()) await put(`x${index}`, text);
  const aggregations = gaugeAggregations((own.families ?? []).map(({ descriptor }) => descriptor));
  const { families, foreign } = addSums({ families: [], foreign: [], ...own }, await hub.sums(aggregations));
  const text = writeText(families) + (await writeForeign(foreign, textFormat)).text;
  parseText(text);
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('# HELP'));
}

describe('addSums', () => {
  it('adds pushed values to the same series, in any order of the labels', async () => {
    const own = family({ name: 'a_total', help: '', kind: 'counter', labels: ['x', 'y'] }, { 'x="1",y="2"': [3] });
    const lines = await scraped(
      { families: [own] },
      '# TYPE a_total counter\na_total{y="2",x="1"} 4\na_total{x="2",y="2"} 5\n',
    );
    expect(lines).to.deep.equal(['# TYPE a_total counter', 'a_total{x="1",y="2"} 7', 'a_total{x="2",y="2"} 5']);
  });

  it('does not confuse series whose label names are UTF-8', async () => {
    const labels = ['k8s.pod', 'ä b'];
    const own = customFamily(
      { name: 'a_total', help: '', kind: 'counter', labels },
      { 'k8s.pod="1",ä b="="': [3], '"k8s.pod"="2","ä b"=""': [4] },
    );
    const { hub, put } = await openHub();
    await put('x', '# TYPE a_total counter\na_total 5\n');
    const [added] = addSums({ families: [own], foreign: [] }, await hub.sums()).families;
    expect([...added!.series].map(({ labelText, cell }) => [labelText, cell(0)])).to.deep.equal([
      ['k8s.pod="1",ä b="="', 3],
      ['"k8s.pod"="2","ä b"=""', 4],
      ['', 5],
    ]);
  });

  it('adds histograms bucket by bucket, and uses the maximum of facts', async () => {
    const own = [
      family({ name: 'h', help: '', kind: 'histogram', buckets: [1] }, { '': [1, 2, 10] }),
      family({ name: 'b_info', help: '', kind: 'info' }, { '': [1] }),
    ];
    const pushed =
      '# TYPE h histogram\nh_bucket{le="1"} 1\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n# TYPE b_info gauge\nb_info 1\n';
    expect(await scraped({ families: own }, pushed)).to.deep.equal([
      ...['# TYPE h histogram', 'h_bucket{le="1"} 2', 'h_bucket{le="+Inf"} 4', 'h_sum 11', 'h_count 4'],
      ...['# TYPE b_info gauge', 'b_info 1'],
    ]);
  });

  it('returns pushed metrics of every type', async () => {
    const pushed =
      '# TYPE c counter\nc 1\nu{a="\\""} 2\n# TYPE s summary\ns{quantile="0.5"} 1\ns_sum 2\ns_count 3\n# TYPE g gauge\ng NaN\n';
    const lines = await scraped({}, pushed);
    expect(lines).to.include.members([
      '# TYPE c counter',
      'c 1',
      'u{a="\\""} 2',
      '# TYPE s summary',
      's{quantile="0.5"} 1',
      's_sum 2',
      's_count 3',
      'g NaN',
    ]);
  });

  it('uses the pushed type of a metric without series in this process', async () => {
    const own = family({ name: 'h', help: '', kind: 'histogram', buckets: [1] }, {});
    const lines = await scraped(
      { families: [own] },
      '# TYPE h histogram\nh_bucket{le="2"} 1\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n',
    );
    expect(lines).to.deep.equal([
      '# TYPE h histogram',
      'h_bucket{le="2"} 1',
      'h_bucket{le="+Inf"} 1',
      'h_sum 1',
      'h_count 1',
    ]);
  });

  it('does not change metrics that the application registers itself', async () => {
    const metric = { get: () => ({ name: 'g', help: '', type: 'gauge', values: [{ labels: {}, value: 7 }] }) };
    expect(await scraped({ foreign: [{ name: 'g', metric }] }, '# TYPE g gauge\ng 1\n')).to.deep.equal([
      '# TYPE g gauge',
      'g 7',
    ]);
  });

  const pushedLevels = [
    '# TYPE level gauge\nlevel{node="a"} 5\nlevel{node="b"} 4\nlevel{node="c"} 7\n',
    '# TYPE level gauge\nlevel{node="a"} 2\nlevel{node="c"} 9\n',
  ];
  for (const [aggregation, a, b, c] of [
    ['sum', 10, 4, 16],
    ['max', 5, 4, 9],
    ['min', 2, 4, 7],
    ['average', 10 / 3, 4, 8],
    ['first', 3, 4, 7],
    ['omit', undefined, 4, undefined],
  ] satisfies [Aggregation, number | undefined, number, number | undefined][]) {
    it(`combines gauges of this process and of pushers by the aggregation ${aggregation}`, async () => {
      const level = customFamily(
        { name: 'level', help: '', kind: 'gauge', labels: ['node'], aggregation },
        { 'node="a"': [3], 'node="d"': [1] },
      );
      const expected = Object.entries({ a, d: 1, b, c }).filter(([, value]) => value !== undefined);
      expect(await scraped({ families: [level] }, ...pushedLevels)).to.deep.equal([
        '# TYPE level gauge',
        ...expected.map(([node, value]) => `level{node="${node}"} ${value}`),
      ]);
    });
  }

  it('combines gauges with well-known names by their names if their aggregation is sum', async () => {
    const own = customFamily({ name: 'x_start_time_seconds', help: '', kind: 'gauge' }, { '': [5] });
    const pushed = '# TYPE x_start_time_seconds gauge\nx_start_time_seconds 3\n';
    expect(await scraped({ families: [own] }, pushed)).to.include('x_start_time_seconds 3');
  });

  describe('with summaries', () => {
    const pushed =
      '# TYPE s summary\ns{quantile="0.5"} 4\ns{quantile="0.99"} 9\ns_sum 20\ns_count 5\n' +
      's{node="a",quantile="0.99"} 6\ns_sum{node="a"} 7\ns_count{node="a"} 8\n';
    const options: CustomMetricOptions = {
      name: 's',
      help: '',
      kind: 'summary',
      labels: ['node'],
      buckets: [0.5, 0.9],
    };

    it('adds counts and sums, and uses the maximum of the own quantiles', async () => {
      expect(
        await scraped({ families: [customFamily(options, { '': [2, Number.NaN, 3, 10] })] }, pushed),
      ).to.deep.equal([
        ...['# TYPE s summary', 's{quantile="0.5"} 4', 's{quantile="0.9"} NaN', 's_sum 30', 's_count 8'],
        ...[
          's{node="a",quantile="0.5"} NaN',
          's{node="a",quantile="0.9"} NaN',
          's_sum{node="a"} 7',
          's_count{node="a"} 8',
        ],
      ]);
    });

    it('returns the pushed quantiles if this process has no series', async () => {
      const lines = await scraped({ families: [customFamily(options, {})] }, pushed);
      expect(lines).to.include.members(['s{quantile="0.5"} 4', 's{quantile="0.99"} 9', 's_sum 20', 's_count 5']);
      expect(lines.filter((line) => line.startsWith('# TYPE'))).to.deep.equal(['# TYPE s summary']);
    });
  });

  describe('with native histograms', () => {
    const both = { ...nativeWith(5), positive: { indexes: [3, 5], counts: [1, 1] } };

    it('adds native buckets at the lower resolution', async () => {
      const own = [nativeFamily('x="1"', nativeWith(5))];
      const { settings, series } = await addedNative(own, ['1', nativeWith(6, 1)], ['2', nativeWith(7)]);
      expect(series).to.deep.equal({ 'x="1"': both, 'x="2"': nativeWith(7) });
      expect(settings).to.deep.equal({ schema: 1, zeroThreshold: 0, maxBuckets: 2_048 });
    });

    it('omits native buckets of a series that lack observations', async () => {
      expect((await addedNative([nativeFamily('x="1"', nativeWith(5))], ['1'])).series).to.deep.equal({
        'x="1"': undefined,
      });
      const own = [nativeFamily('x="1"', undefined)];
      const { series } = await addedNative(own, ['1', nativeWith(6)], ['2', nativeWith(7)]);
      expect(series).to.deep.equal({ 'x="1"': undefined, 'x="2"': nativeWith(7) });
    });

    it('returns pushed native buckets of a metric that this process does not have', async () => {
      const { settings, series } = await addedNative([], ['1', nativeWith(6)], ['2']);
      expect(series).to.deep.equal({ 'x="1"': nativeWith(6), 'x="2"': undefined });
      expect(settings).to.include({ schema: 0 });
      expect((await addedNative([], ['1'])).settings).to.equal(undefined);
    });
  });
});
