import { expect } from 'chai';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import type { Family } from '../../../lib/core/formats/family.js';
import { openMetricsFormat, writeOpenMetrics } from '../../../lib/core/formats/openmetrics.js';
import type { MetricOptions } from '../../../lib/core/metrics/descriptor.js';
import { familyOf } from '../../support/families.js';
import { anyText } from '../../support/hostile.js';
import { parseOpenMetrics } from '../../support/parse-openmetrics.js';

const calls = { name: 'calls_total', help: 'Calls.', kind: 'counter' } as const;
const wait = { name: 'wait_seconds', help: 'Wait.', kind: 'histogram', unit: 'seconds', buckets: [0.25, 1] } as const;

const write = (...families: readonly Family[]): string => writeOpenMetrics(families) + openMetricsFormat.end;

describe('writeOpenMetrics', () => {
  it('writes only the end for no metrics', () => {
    expect(write()).to.equal('# EOF\n');
  });

  it('writes each kind as the format requires', () => {
    const families = [
      familyOf(calls, { labels: { model: 'm', graph: 'g' }, cells: [3] }),
      familyOf({ ...calls, name: 'cost_usd_total', unit: 'usd' }, { cells: [0.5] }),
      familyOf({ name: 'level', help: 'A \\ "B"\nC.', kind: 'gauge' }, { cells: [Number.NaN] }),
      familyOf(wait, { labels: { model: 'm"' }, cells: [2, 1, 1, 4.75] }),
      familyOf({ name: 'build_info', help: '', kind: 'info' }, { labels: { version: '1' }, cells: [1] }),
    ];
    expect(write(...families)).to.equal(
      [
        '# TYPE calls counter',
        '# HELP calls Calls.',
        'calls_total{model="m",graph="g"} 3',
        '# TYPE cost_usd counter',
        '# UNIT cost_usd usd',
        '# HELP cost_usd Calls.',
        'cost_usd_total 0.5',
        '# TYPE level gauge',
        '# HELP level A \\\\ \\"B\\"\\nC.',
        'level NaN',
        '# TYPE wait_seconds histogram',
        '# UNIT wait_seconds seconds',
        '# HELP wait_seconds Wait.',
        'wait_seconds_bucket{model="m\\"",le="0.25"} 2',
        'wait_seconds_bucket{model="m\\"",le="1.0"} 3',
        'wait_seconds_bucket{model="m\\"",le="+Inf"} 4',
        'wait_seconds_sum{model="m\\""} 4.75',
        'wait_seconds_count{model="m\\""} 4',
        '# TYPE build info',
        'build_info{version="1"} 1',
        '# EOF',
        '',
      ].join('\n'),
    );
  });

  it('writes no unit that is not at the end of the name', () => {
    const units = [
      familyOf({ ...calls, name: 'tokens_input_total', unit: 'tokens' }),
      familyOf({ name: 'seconds', help: 'A.', kind: 'gauge', unit: 'seconds' }),
      familyOf({ name: 'build_bytes_info', help: 'A.', kind: 'info', unit: 'bytes' }),
    ];
    expect(parseOpenMetrics(write(...units)).map(({ unit }) => unit)).to.deep.equal(['', '', '']);
  });

  it('writes the creation time of a series only if it is requested', () => {
    const created = { labels: { a: 'b' }, createdSeconds: 1_700_000_000.125 };
    const families = [
      familyOf(calls, { ...created, cells: [3] }),
      familyOf(wait, { ...created, cells: [0, 0, 0, 0] }),
      familyOf({ name: 'level', help: 'A.', kind: 'gauge' }, { ...created, cells: [1] }),
      familyOf({ name: 'build_info', help: 'A.', kind: 'info' }, { ...created, cells: [1] }),
    ];
    expect(writeOpenMetrics(families)).to.not.include('_created');
    const text = writeOpenMetrics(families, { created: true }) + openMetricsFormat.end;
    const samples = parseOpenMetrics(text).flatMap((family) => family.samples);
    expect(samples.filter(({ name }) => name.endsWith('_created'))).to.deep.equal([
      { name: 'calls_created', labels: { a: 'b' }, value: 1_700_000_000.125 },
      { name: 'wait_seconds_created', labels: { a: 'b' }, value: 1_700_000_000.125 },
    ]);
  });

  describe('with exemplars', () => {
    const exemplar = { labels: { trace_id: 'ab', span_id: '"c' }, value: 0.67, timestampSeconds: 1_520_879_607.789 };

    it('writes them only after counters and buckets', () => {
      const families = [
        familyOf(calls, { cells: [3], exemplars: [exemplar] }),
        familyOf(wait, { labels: { a: 'b' }, cells: [0, 1, 0, 0.67], exemplars: [undefined, exemplar] }),
        familyOf({ name: 'level', help: 'A.', kind: 'gauge' }, { cells: [1], exemplars: [exemplar] }),
        familyOf({ name: 'build_info', help: 'A.', kind: 'info' }, { cells: [1], exemplars: [exemplar] }),
      ];
      const text = write(...families);
      const written = '# {trace_id="ab",span_id="\\"c"} 0.67 1520879607.789';
      expect(text).to.include(`\ncalls_total 3 ${written}\n`);
      expect(text).to.include(`\nwait_seconds_bucket{a="b",le="1.0"} 1 ${written}\n`);
      expect(text.split(written)).to.have.length(3);
      expect(parseOpenMetrics(text)[0]?.samples[0]?.exemplar).to.deep.equal(exemplar);
    });

    it('omits an exemplar whose labels have more than 128 characters', () => {
      const of = (characters: number) => {
        const labels = { a: '\u{1f600}'.repeat(characters - 1) };
        return write(familyOf(calls, { cells: [1], exemplars: [{ ...exemplar, labels }] }));
      };
      expect(parseOpenMetrics(of(128))[0]?.samples[0]?.exemplar).to.not.equal(undefined);
      expect(parseOpenMetrics(of(129))[0]?.samples[0]?.exemplar).to.equal(undefined);
    });

    it('omits an exemplar with a NUL character, because Prometheus would reject the whole scrape', () => {
      const text = write(familyOf(calls, { cells: [1], exemplars: [{ ...exemplar, labels: { trace_id: 'a\0' } }] }));
      expect(parseOpenMetrics(text)[0]?.samples).to.deep.equal([{ name: 'calls_total', labels: {}, value: 1 }]);
    });
  });

  describe('with a sum that can decrease, which the format does not allow', () => {
    const samplesOf = (options: MetricOptions, cells: readonly number[]): string[] =>
      parseOpenMetrics(write(familyOf(options, { cells })))[0]?.samples.map(({ name }) => name) ?? [];

    it('writes only the buckets of a histogram with a negative bound', () => {
      const names = samplesOf({ ...wait, buckets: [-1, 1] }, [0, 1, 0, 0.5]);
      expect(names).to.deep.equal(Array(3).fill('wait_seconds_bucket'));
    });

    it('writes only the buckets of a series with a negative sum', () => {
      expect(samplesOf(wait, [2, 0, 0, -0.5])).to.deep.equal(Array(3).fill('wait_seconds_bucket'));
      expect(samplesOf(wait, [2, 0, 0, 0.5])).to.include('wait_seconds_sum');
    });
  });

  it('omits an info series that is not set, and writes an info series once even if several threads set it', () => {
    const info = familyOf(
      { name: 'build_info', help: 'Build.', kind: 'info' },
      { labels: { version: '1' }, cells: [0] },
      { labels: { version: '2' }, cells: [2] },
    );
    expect(parseOpenMetrics(write(info))[0]?.samples).to.deep.equal([
      { name: 'build_info', labels: { version: '2' }, value: 1 },
    ]);
  });

  it('can be parsed to the same values, for any help, labels, bounds and counts', () => {
    const bounds = fc
      .uniqueArray(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 6 })
      .map((some) => [...new Set(some.map((one) => one + 0))].sort((a, b) => a - b));
    const families = fc.record({
      ...{ help: anyText, a: anyText, b: anyText, bounds, total: fc.double({ min: 0, noNaN: true }) },
      counts: fc.array(fc.nat(), { minLength: 7, maxLength: 7 }),
    });
    fc.assert(
      fc.property(families, ({ help, a, b, bounds, counts, total }) => {
        const labels = { a, b };
        const cells = counts.slice(0, bounds.length + 1);
        const text = write(
          familyOf({ ...calls, help }, { labels, cells: [total] }),
          familyOf({ ...wait, help, buckets: bounds }, { labels, cells: [...cells, total] }),
        );
        const [counter, histogram] = parseOpenMetrics(text);
        expect(counter).to.deep.include({
          name: 'calls',
          help,
          samples: [{ name: 'calls_total', labels, value: total + 0 }],
        });
        const buckets = histogram?.samples.slice(0, -2) ?? [];
        expect(
          buckets.map(({ labels: { le } }) => (le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le))),
        ).to.deep.equal([...bounds, Number.POSITIVE_INFINITY]);
        let sum = 0;
        expect(buckets.map(({ value }) => value)).to.deep.equal(cells.map((count) => (sum += count)));
      }),
    );
  });

  it('has the content type of the format', () => {
    expect(openMetricsFormat.contentType).to.equal(Registry.OPENMETRICS_CONTENT_TYPE);
  });
});

describe('the OpenMetrics parser of these specs', () => {
  const histogram = '# TYPE a histogram\n';
  const invalid: readonly (readonly [string, string])[] = [
    ['no end', '# TYPE a gauge\na 1\n'],
    ['an end on the line of a sample', '# TYPE a gauge\na 1 # EOF\n'],
    ['a sample after the end', '# EOF\na 1\n# EOF\n'],
    ['a comment', '# A.\n# EOF\n'],
    ['an empty line', '\n# EOF\n'],
    ['duplicate metadata', '# TYPE a gauge\n# TYPE a gauge\n# EOF\n'],
    ['metadata after samples', '# TYPE a gauge\na 1\n# HELP a B.\n# EOF\n'],
    ['a bare quote in a help text', '# HELP a "\n# EOF\n'],
    ['a unit that is not in the name', '# TYPE a gauge\n# UNIT a seconds\n# EOF\n'],
    ['a counter without _total', '# TYPE a counter\na 1\n# EOF\n'],
    ['a counter below zero', '# TYPE a counter\na_total -1\n# EOF\n'],
    ['a name of two families', '# TYPE a counter\n# TYPE a_total gauge\n# EOF\n'],
    ['a duplicate series', '# TYPE a gauge\na 1\na{b=""} 1\n# EOF\n'],
    ['a family in two parts', '# TYPE a gauge\na{b="1"} 1\n# TYPE b gauge\n# TYPE a gauge\n# EOF\n'],
    ['a series in two parts', `# TYPE a summary\na_sum{b="1"} 1\na_sum 1\na_count{b="1"} 1\n# EOF\n`],
    ['a bound that is not canonical', `${histogram}a_bucket{le="1"} 1\na_bucket{le="+Inf"} 1\n# EOF\n`],
    ['no bucket for +Inf', `${histogram}a_bucket{le="1.0"} 1\n# EOF\n`],
    ['buckets that decrease', `${histogram}a_bucket{le="1.0"} 2\na_bucket{le="+Inf"} 1\n# EOF\n`],
    ['a sum without a count', `${histogram}a_bucket{le="+Inf"} 1\na_sum 1\n# EOF\n`],
    ['an exemplar of a gauge', '# TYPE a gauge\na 1 # {} 1\n# EOF\n'],
    ['an info that is not 1', '# TYPE a info\na_info 0\n# EOF\n'],
    ['a type that the format does not have', '# TYPE a untyped\n# EOF\n'],
  ];
  for (const [title, text] of invalid) {
    it(`rejects ${title}`, () => {
      expect(() => parseOpenMetrics(text)).to.throw();
    });
  }
});
