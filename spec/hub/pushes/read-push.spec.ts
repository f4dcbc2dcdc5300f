import { expect } from 'chai';
import { PushRefused } from '../../../lib/hub/pushes/push-refused.js';
import { readPush, readPushInSteps } from '../../../lib/hub/pushes/read-push.js';
import { Pace, runWithoutPauses } from '../../../lib/hub/pushes/sliced-work.js';

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
  it('converts histograms to counts per bucket', () => {
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

  it('identifies series by their labels in any order, and ignores empty labels', () => {
    const family = only('a{y="2",x="1"} 1\na{x="1",z=""} 2\n');
    expect([...(family?.series.keys() ?? [])]).to.deep.equal(['x="1",y="2"', 'x="1"']);
    expect(family?.series.get('x="1",y="2"')?.labelText).to.equal('y="2",x="1"');
  });

  it('removes the labels of the path', () => {
    expect([...(only('a{job="x",b="1"} 1\n', ['job'])?.series.keys() ?? [])]).to.deep.equal(['b="1"']);
  });

  it("uses Python's _created gauges as creation times of series, and keeps other gauges", () => {
    const text = '# TYPE a_total counter\na_total 1\n# TYPE a_created gauge\na_created 17\n';
    expect(only(text)?.series.get('')?.created).to.equal(17);
    expect(only('# TYPE a_created gauge\na_created 17\n')?.name).to.equal('a_created');
  });

  const refused: readonly (readonly [title: string, text: string, problem: string])[] = [
    ['a series twice', 'a{b="1",c="2"} 1\na{c="2",b="1"} 1\n', 'line 2: a{c="2",b="1"} occurs twice'],
    [
      'a bucket whose le is not a number',
      '# TYPE h histogram\nh_bucket{le="x"} 1\n',
      'line 2: the label le of h_bucket is "x"',
    ],
    [
      'a quantile that is not a number',
      '# TYPE s summary\ns{quantile="x"} 1\n',
      'line 2: the label quantile of s is "x"',
    ],
    [
      'different buckets',
      `${[...histogram, 'h_bucket{x="1",le="+Inf"} 1', 'h_sum{x="1"} 1', 'h_count{x="1"} 1'].join('\n')}\n`,
      'line 7: h{x="1"} has different buckets',
    ],
    [
      'a type for a sample of another metric',
      `${histogram.join('\n')}\n# TYPE h_sum gauge\n`,
      'line 7: h has two TYPE lines',
    ],
    [
      'shared sample names',
      `h_sum 1\n${histogram.toSpliced(4, 1).join('\n')}\n`,
      'line 2: h_sum and h both have samples with the name h_sum',
    ],
    [
      'too many buckets',
      `# TYPE h histogram\n${Array.from({ length: 2_049 }, (_, index) => `h_bucket{le="${index}"} 1\n`).join('')}`,
      'line 2050: more than 2048 buckets',
    ],
  ];
  for (const [title, text, problem] of refused) {
    it(`rejects ${title}`, () => {
      expect(() => readPush(text))
        .to.throw(PushRefused, problem)
        .with.property('status', 400);
    });
  }

  const summary = ['# TYPE s summary', 's{quantile="0.5"} 1', 's_sum 3', 's_count 2'];
  const withLine = (lines: readonly string[], index: number, line: string): string =>
    `${lines.with(index, line).join('\n')}\n`;
  const accepted: readonly (readonly [title: string, text: string, numbers: readonly number[], note?: string])[] = [
    ['a counter that is NaN', '# TYPE a counter\na NaN\n', [Number.NaN], 'line 2: the value of a{} is NaN'],
    ['a negative counter', '# TYPE a counter\na{b="1"} -1\n', [Number.NaN], 'line 2: the value of a{b="1"} is -1'],
    ['an infinite counter', '# TYPE a counter\na +Inf\n', [Number.NaN], 'is Infinity'],
    ['a counter near the largest double', '# TYPE a counter\na 1.7e308\n', [Number.NaN], 'is 1.7e+308'],
    ['a sum that is NaN', withLine(summary, 2, 's_sum NaN'), [2, Number.NaN], 'the sum of s{} is NaN'],
    ['a summary without a count', withLine(summary, 3, ''), [Number.NaN, 3], 'the count of s{} is missing'],
    [
      'a summary without a quantile label',
      withLine(summary, 1, 's 1'),
      [2, 3],
      's is ignored; a quantile needs the name s and a number in the label quantile',
    ],
    ['a quantile twice', `${summary.join('\n')}\ns{quantile="0.50"} 2\n`, [2, 3]],
    ['a bucket twice', `${histogram.join('\n')}\nh_bucket{le="1.0"} 1\n`, [1, 2, 4, 40]],
    [
      'buckets that decrease',
      withLine(histogram, 2, 'h_bucket{le="5"} 1'),
      [2, 0, 5, 40],
      'are inconsistent, and were corrected',
    ],
    [
      'a count that differs from +Inf',
      withLine(histogram, 5, 'h_count 8'),
      [2, 1, 5, 40],
      'are inconsistent, and were corrected',
    ],
    ['a histogram without +Inf', withLine(histogram, 3, ''), [2, 1, 4, 40]],
    ['a histogram without a count', withLine(histogram, 5, ''), [2, 1, 4, 40]],
    ['a histogram without a sum', withLine(histogram, 4, ''), [2, 1, 4, Number.NaN], 'the sum of h{} is missing'],
    [
      'a bucket that is NaN',
      withLine(histogram, 2, 'h_bucket{le="5"} NaN'),
      [2, 0, 5, 40],
      'the bucket 5 of h{} is NaN',
    ],
    [
      'a bucket without le',
      `${histogram.join('\n')}\nh_bucket 9\n`,
      [2, 1, 4, 40],
      'h_bucket is ignored; a bucket needs the name h_bucket and a number in the label le',
    ],
    ['fractional counts', '# TYPE h histogram\nh_bucket{le="1"} 1.5\nh_sum 1\nh_count 2\n', [1.5, 0.5, 1]],
  ];
  for (const [title, text, numbers, note] of accepted) {
    it(`accepts ${title}, and notes numbers that can't be added`, () => {
      const { families, notes } = runWithoutPauses(readPushInSteps(Buffer.from(text), { format: 'text' }));
      expect([...families[0]!.series.values()][0]!.numbers).to.deep.equal(numbers);
      if (note === undefined) expect(notes).to.deep.equal([]);
      else expect(notes[0]).to.contain(note);
    });
  }

  it('limits the notes', () => {
    const text = Array.from({ length: 30 }, (_, index) => `# TYPE a${index} counter\na${index} NaN\n`).join('');
    const { notes } = runWithoutPauses(readPushInSteps(Buffer.from(text), { format: 'text' }));
    expect(notes).to.have.length(11);
    expect(notes.at(-1)).to.equal('notes omitted: 20');
  });

  it('rejects more series than the hub can store', () => {
    const work = readPushInSteps(Buffer.from('a{b="1"} 1\na{b="2"} 1\nb 1\n'), { format: 'text', maxSeries: 2 });
    expect(() => runWithoutPauses(work))
      .to.throw(PushRefused, 'the push has 3 series')
      .with.property('status', 507);
  });

  it('rejects more samples or metrics than the size of a push allows', () => {
    const samples = 'a 1\n'.repeat(12_000);
    expect(() => readPush(samples)).to.throw(PushRefused, 'line 10001: more than 10000 samples');
    const metrics = Array.from({ length: 1_001 }, (_, index) => `a${index} 1\n`).join('');
    expect(() => readPush(metrics)).to.throw(PushRefused, 'more than 1000 metrics');
  });

  const openMetrics = (text: string) =>
    runWithoutPauses(readPushInSteps(Buffer.from(text), { format: 'openmetrics' })).families.map(
      ({ name, type, help, series }) => ({
        name,
        type,
        help,
        series: [...series.values()].map(({ labelText, numbers, created }) => [labelText, numbers, created]),
      }),
    );

  it('reads OpenMetrics: counters with _total and _created, exemplars, units', () => {
    const text = [
      '# TYPE calls_seconds counter',
      '# UNIT calls_seconds seconds',
      String.raw`# HELP calls_seconds Time \\ \"spent\" \n here.`,
      'calls_seconds_total{a="1"} 2.5 # {trace_id="x"} 0.5 1700000000.123',
      'calls_seconds_created{a="1"} 1700000000.5',
      '# EOF',
      '',
    ].join('\n');
    expect(openMetrics(text)).to.deep.equal([
      {
        name: 'calls_seconds_total',
        type: 'counter',
        help: 'Time \\ "spent" \n here.',
        series: [['a="1"', [2.5], 1_700_000_000.5]],
      },
    ]);
  });

  it('reads the other types of OpenMetrics', () => {
    const text = [
      '# TYPE h histogram',
      'h_bucket{le="1.0"} 2 # {} 0.5',
      'h_bucket{le="+Inf"} 7',
      'h_sum 40.0',
      'h_count 7',
      'h_created 17',
      '# TYPE s summary',
      's{quantile="0.5"} 1',
      's_sum 3',
      's_count 2',
      's_created 18',
      '# TYPE build info',
      'build_info{version="1"} 1',
      '# TYPE door stateset',
      'door{door="open"} 1',
      'door{door="closed"} 0',
      '# TYPE thing unknown',
      'thing 4',
      '# TYPE queue gaugehistogram',
      'queue_bucket{le="+Inf"} 3',
      'queue_gsum 9',
      'queue_gcount 3',
      '# TYPE level gauge',
      'level NaN',
      '# EOF',
    ].join('\n');
    const shown = openMetrics(text).map(({ name, type, series }) => [name, type, ...series]);
    expect(shown).to.deep.equal([
      ['h', 'histogram', ['', [2, 5, 40], 17]],
      ['s', 'summary', ['', [2, 3], 18]],
      ['build_info', 'gauge', ['version="1"', [1], undefined]],
      ['door', 'gauge', ['door="open"', [1], undefined], ['door="closed"', [0], undefined]],
      ['thing', 'untyped', ['', [4], undefined]],
      ['queue_bucket', 'gauge', ['le="+Inf"', [3], undefined]],
      ['queue_gsum', 'gauge', ['', [9], undefined]],
      ['queue_gcount', 'gauge', ['', [3], undefined]],
      ['level', 'gauge', ['', [Number.NaN], undefined]],
    ]);
  });

  const malformed: readonly (readonly [title: string, text: string, problem: string])[] = [
    ['no end', 'a 1\n', 'the last line of OpenMetrics must be # EOF'],
    ['text after the end', '# EOF\na 1\n', 'line 2: text after # EOF'],
    ['a timestamp', 'a 1 1700000000\n# EOF\n', 'line 1: a timestamp; pushed samples must not have timestamps'],
    [
      'an exemplar without a value',
      '# TYPE a counter\na_total 1 # {b="1"}\n# EOF\n',
      'line 2: expected labels or a value',
    ],
    [
      'an exemplar without labels',
      '# TYPE a counter\na_total 1 # 1\n# EOF\n',
      'line 2: expected the labels of an exemplar',
    ],
    [
      'an invalid timestamp of an exemplar',
      '# TYPE a counter\na_total 1 # {} 1 x\n# EOF\n',
      'line 2: expected the timestamp',
    ],
  ];
  for (const [title, text, problem] of malformed) {
    it(`rejects OpenMetrics with ${title}`, () => {
      expect(() => openMetrics(text))
        .to.throw(PushRefused, problem)
        .with.property('status', 400);
    });
  }

  it('takes linear time for any text', () => {
    const size = 200_000;
    const labels = Array.from({ length: 200 }, (_, index) => `l${index}=""`).join();
    const texts = [
      `a{b="${'\\\\'.repeat(30_000)}"} 1\n`.repeat(3),
      Array.from({ length: 100 }, (_, index) => `a{x="${index}",${labels}} 1\n`).join(''),
      '\n'.repeat(size),
      '# TYPE\n'.repeat(size / 7),
      Array.from({ length: size / 12 }, (_, index) => `a{b="${index}"} 1\n`).join(''),
    ];
    for (const text of texts) {
      const pace = new Pace();
      let yields = 0;
      try {
        for (const _ of readPushInSteps(Buffer.from(text), { format: 'text', pace })) yields += 1;
      } catch (error) {
        expect(error).to.be.instanceOf(PushRefused);
      }
      expect(pace.total).to.be.at.most(10 * text.length);
      // A line has at most 64 KiB.
      expect(yields).to.be.at.least(Math.floor(pace.total / (2 * 65_536)));
    }
  });
});
