import { expect } from 'chai';
import { PushRefused } from '../../../lib/hub/pushes/push-refused.js';
import { readPush } from '../../../lib/hub/pushes/read-push.js';

const histogram = [
  '# TYPE h histogram',
  'h_bucket{le="1"} 2',
  'h_bucket{le="5"} 3',
  'h_bucket{le="+Inf"} 7',
  'h_sum 40',
  'h_count 7',
];

function only(text: string, grouping: readonly string[] = []) {
  const [family, ...others] = readPush(text, new Set(grouping));
  expect(others).to.have.length(0);
  return family;
}

describe('readPush', () => {
  it('takes histograms apart into counts by bucket', () => {
    const family = only(`${histogram.join('\n')}\n`);
    expect(family?.bounds).to.deep.equal([1, 5]);
    expect(family?.series.get('')?.numbers).to.deep.equal([2, 1, 4, 40]);
  });

  it('reads summaries with and without quantiles', () => {
    const series = only('# TYPE s summary\ns{quantile="0.5"} NaN\ns_sum 3\ns_count 2\n')?.series.get('');
    expect(series?.numbers).to.deep.equal([2, 3]);
    expect([...(series?.quantiles ?? [])]).to.deep.equal([[0.5, Number.NaN]]);
    expect(only('# TYPE s summary\ns_sum 3\ns_count 2\n')?.series.get('')?.numbers).to.deep.equal([2, 3]);
  });

  it('tells series apart by their labels, in any order, and takes an empty value for no label', () => {
    const family = only('a{y="2",x="1"} 1\na{x="1",z=""} 2\n');
    expect([...(family?.series.keys() ?? [])]).to.deep.equal(['x="1",y="2"', 'x="1"']);
    expect(family?.series.get('x="1",y="2"')?.labelText).to.equal('y="2",x="1"');
  });

  it('takes off the labels that say who pushes', () => {
    expect([...(only('a{job="x",b="1"} 1\n', ['job'])?.series.keys() ?? [])]).to.deep.equal(['b="1"']);
  });

  it("makes Python's _created gauges the time of the series beside them, and leaves others", () => {
    const text = '# TYPE a_total counter\na_total 1\n# TYPE a_created gauge\na_created 17\n';
    expect(only(text)?.series.get('')?.created).to.equal(17);
    expect(only('# TYPE a_created gauge\na_created 17\n')?.name).to.equal('a_created');
  });

  const refused: readonly (readonly [title: string, text: string, problem: string])[] = [
    ['a series twice', 'a{b="1",c="2"} 1\na{c="2",b="1"} 1\n', 'line 2: a{c="2",b="1"} is there twice'],
    ['a bound twice', `${[...histogram, 'h_bucket{le="1.0"} 2'].join('\n')}\n`, 'line 7: h_bucket{} is there twice'],
    ['a negative counter', '# TYPE a counter\na -1\n', 'line 2: a counter is -1'],
    ['a counter that is no number', '# TYPE a counter\na NaN\n', 'line 2: a counter is NaN'],
    ['an infinite sum', '# TYPE s summary\ns_sum +Inf\ns_count 1\n', 'line 2: a sum is Infinity'],
    ['buckets that go down', `${histogram.join('\n').replace('} 3', '} 1')}\n`, 'line 2: the buckets of h{} go down'],
    [
      'a count unlike +Inf',
      `${histogram.join('\n').replace('count 7', 'count 8')}\n`,
      'the bucket +Inf of h{} and its count differ',
    ],
    ['no count', `${histogram.slice(0, -1).join('\n')}\n`, 'the series has no h_count'],
    ['a bucket without le', '# TYPE h histogram\nh_bucket 1\nh_sum 1\nh_count 1\n', 'line 2: a bucket of h without'],
    ['a histogram without suffix', '# TYPE h histogram\nh 1\n', 'line 2: h is a histogram'],
    ['a summary without quantile', '# TYPE s summary\ns 1\n', 'line 2: s is a summary'],
    [
      'unlike buckets',
      `${[...histogram, 'h_bucket{x="1",le="+Inf"} 1', 'h_sum{x="1"} 1', 'h_count{x="1"} 1'].join('\n')}\n`,
      'line 7: h{x="1"} has other buckets',
    ],
    ['shared sample names', `${histogram.join('\n')}\n# TYPE h_sum gauge\n`, 'both have samples named h_sum'],
  ];
  for (const [title, text, problem] of refused) {
    it(`refuses ${title}`, () => {
      expect(() => readPush(text))
        .to.throw(PushRefused, problem)
        .with.property('status', 400);
    });
  }
});
