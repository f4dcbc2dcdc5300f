import { expect } from 'chai';
import type { Family } from '../../../lib/core/formats/family.js';
import { writeForeign } from '../../../lib/core/formats/foreign.js';
import { textFormat, writeText } from '../../../lib/core/formats/text.js';
import { describeMetric, type MetricOptions } from '../../../lib/core/metrics/descriptor.js';
import { addSums, type ScrapeMetrics } from '../../../lib/hub/sums/add-sums.js';
import { parseText } from '../../support/parse-text.js';
import { openHub } from '../../support/pushing.js';

function family(options: MetricOptions, series: Readonly<Record<string, readonly number[]>>): Family {
  const readable = Object.entries(series).map(([labelText, numbers]) => ({
    labelText,
    createdSeconds: 1,
    cell: (index: number) => numbers[index] ?? 0,
  }));
  const descriptor = describeMetric(options);
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

async function scraped(own: Partial<ScrapeMetrics>, pushed: string): Promise<string[]> {
  const { hub, put } = await openHub();
  await put('x', pushed);
  const { families, foreign } = addSums({ families: [], foreign: [], ...own }, await hub.sums());
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
});
