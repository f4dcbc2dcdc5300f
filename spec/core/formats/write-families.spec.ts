import { expect } from 'chai';
import { FORMATS } from '../../../lib/core/formats/formats.js';
import { writeFamilies, writeInPieces } from '../../../lib/core/formats/write-families.js';
import { familyOf } from '../../support/families.js';
import { parseOpenMetrics } from '../../support/parse-openmetrics.js';

describe('writeFamilies', () => {
  const { text, openmetrics, 'text-1.0': text1, 'openmetrics-2.0': openmetrics2 } = FORMATS;
  const counter = familyOf(
    { name: 'calls_total', help: 'Calls.', kind: 'counter', labels: [] },
    { cells: [3], createdSeconds: 50, exemplars: [{ labels: { id: 'x' }, value: 1, timestampSeconds: 2 }] },
  );
  const histogram = familyOf(
    { name: 'size', help: 'Size.', kind: 'histogram', buckets: [1] },
    { cells: [2, 1, -5], createdSeconds: 60 },
    { cells: [1, 0, 0], createdSeconds: 70 },
  );
  const linesOf = (...[families, format, options]: Parameters<typeof writeFamilies>) =>
    writeFamilies(families, format, options)
      .toString()
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('# '));

  it('writes creation times if they are requested and the format supports them', () => {
    expect(linesOf([counter], openmetrics, { created: true })).to.deep.equal([
      'calls_total 3 # {id="x"} 1 2',
      'calls_created 50',
    ]);
    expect(linesOf([counter], openmetrics, {})).to.deep.equal(['calls_total 3 # {id="x"} 1 2']);
    expect(linesOf([counter], text, { created: true })).to.deep.equal(['calls_total 3']);
  });

  it('writes a histogram with sum and count if the sum cannot decrease', () => {
    expect(linesOf([histogram], openmetrics, { created: true })).to.deep.equal([
      ...['size_bucket{le="1.0"} 2', 'size_bucket{le="+Inf"} 3', 'size_created 60'],
      ...['size_bucket{le="1.0"} 1', 'size_bucket{le="+Inf"} 1', 'size_sum 0', 'size_count 1', 'size_created 70'],
    ]);
    expect(linesOf([histogram], text)).to.deep.equal([
      ...['size_bucket{le="1"} 2', 'size_bucket{le="+Inf"} 3', 'size_sum -5', 'size_count 3'],
      ...['size_bucket{le="1"} 1', 'size_bucket{le="+Inf"} 1', 'size_sum 0', 'size_count 1'],
    ]);
  });

  it('assumes negative values only if the first bound is negative', () => {
    const sumsOf = (bound: number) =>
      linesOf(
        [familyOf({ name: 'size', help: 'A.', kind: 'histogram', buckets: [bound] }, { cells: [0, 1, 2] })],
        openmetrics,
      ).filter((line) => line.startsWith('size_sum'));
    expect(sumsOf(0)).to.deep.equal(['size_sum 2']);
    expect(sumsOf(-0.5)).to.deep.equal([]);
  });

  it('writes no exemplar and no creation time of a gauge', () => {
    const exemplars = [{ labels: { id: 'x' }, value: 1, timestampSeconds: 2 }];
    const gauge = familyOf({ name: 'level', help: 'Level.', kind: 'gauge' }, { cells: [1], exemplars });
    expect(linesOf([gauge], openmetrics, { created: true })).to.deep.equal(['level 1']);
  });

  it('in OpenMetrics only, writes a counter without a type if a gauge has the name of its family', () => {
    const gauge = familyOf({ name: 'calls', help: 'Gauge.', kind: 'gauge' }, { cells: [2] });
    for (const families of [
      [counter, gauge],
      [gauge, counter],
    ]) {
      const written = parseOpenMetrics(
        `${writeFamilies(families, openmetrics, { created: true }).toString()}${openmetrics.end}`,
      );
      const shown = written.map(({ name, type, samples }) => [name, type, samples.map((sample) => sample.value)]);
      expect(shown).to.have.deep.members([
        ['calls', 'gauge', [2]],
        ['calls_total', 'unknown', [3]],
      ]);
      expect(writeFamilies(families, text).toString()).to.contain('# TYPE calls_total counter\ncalls_total 3\n');
    }
  });

  it('considers the names in the text that follows', () => {
    const write = (rest: string): string =>
      Buffer.concat(
        [...writeInPieces([counter], openmetrics, { rest: Buffer.from(rest) })].map(Buffer.from),
      ).toString();
    const gauge = '# TYPE calls gauge\n# HELP calls Gauge.\ncalls 2\n';
    expect(parseOpenMetrics(write(gauge)).map(({ name, type }) => [name, type])).to.deep.equal([
      ['calls_total', 'unknown'],
      ['calls', 'gauge'],
    ]);
    expect(write('# TYPE other gauge\nother 1\n')).to.contain('# TYPE calls counter\n');
  });

  it('omits a metric whose name belongs to another metric in OpenMetrics', () => {
    const gauge = familyOf({ name: 'size_created', help: 'Gauge.', kind: 'gauge' }, { cells: [2] });
    expect(linesOf([histogram, gauge], openmetrics)).not.to.contain('size_created 2');
    expect(linesOf([histogram, gauge], text)).to.contain('size_created 2');
  });

  it('omits a metric whose name belongs to the samples of a histogram in every format', () => {
    for (const name of ['size_count', 'size_sum', 'size_bucket']) {
      const other = familyOf({ name, help: 'Other.', kind: 'gauge' }, { cells: [77] });
      for (const format of [openmetrics, text]) {
        expect(linesOf([histogram, other], format).filter((line) => line.endsWith(' 77'))).to.deep.equal([]);
      }
    }
  });

  it('writes info series that are set', () => {
    const info = familyOf(
      { name: 'build_info', help: 'Build.', kind: 'info' },
      ...[0, 1, 7].map((shown) => ({ labels: { version: `${shown}` }, cells: [shown] })),
    );
    for (const format of [text, openmetrics]) {
      expect(linesOf([info], format)).to.deep.equal(['build_info{version="1"} 1', 'build_info{version="7"} 1']);
    }
  });

  describe('with names that are not plain', () => {
    const options = { kind: 'counter', help: 'A.', labels: [], name: 'x_total' } as const;
    /** A family whose names the declaration of a catalog metric can't have. */
    const named = (name: string, labelText: string, kind: 'counter' | 'gauge' | 'histogram' = 'counter') => {
      const cells = [3, 1, 2];
      const series = [{ labelText, createdSeconds: 5, cell: (index: number) => cells[index] ?? 0 }];
      const buckets = kind === 'histogram' ? [1] : [];
      return { descriptor: { ...familyOf(options).descriptor, name, kind, buckets }, series };
    };

    it('writes them in quotes if the format and the client allow it', () => {
      const families = [named('my.calls_total', '"a b"="1",c="2"'), named('wait\n"s"', '', 'histogram')];
      expect(writeFamilies(families, text1, { escaping: 'allow-utf-8' }).toString()).to.equal(
        '# HELP "my.calls_total" A.\n# TYPE "my.calls_total" counter\n{"my.calls_total","a b"="1",c="2"} 3\n' +
          '# HELP "wait\\n\\"s\\"" A.\n# TYPE "wait\\n\\"s\\"" histogram\n' +
          '{"wait\\n\\"s\\"_bucket",le="1"} 3\n{"wait\\n\\"s\\"_bucket",le="+Inf"} 4\n' +
          '{"wait\\n\\"s\\"_sum"} 2\n{"wait\\n\\"s\\"_count"} 4\n',
      );
      expect(
        writeFamilies(families.slice(0, 1), openmetrics, { escaping: 'allow-utf-8', created: true }).toString(),
      ).to.equal(
        '# TYPE "my.calls" counter\n# HELP "my.calls" A.\n{"my.calls_total","a b"="1",c="2"} 3\n' +
          '{"my.calls_created","a b"="1",c="2"} 5\n',
      );
    });

    it('escapes them in the text format 0.0.4, and in every format if the client requests it', () => {
      const families = [named('my.calls_total', '"a b"="1",c="2"')];
      for (const escaping of ['allow-utf-8', 'underscores'] as const) {
        expect(linesOf(families, text, { escaping })).to.deep.equal(['my_calls_total{a_b="1",c="2"} 3']);
      }
      expect(linesOf(families, text1, { escaping: 'dots' })).to.deep.equal(['my_dot_calls__total{a__b="1",c="2"} 3']);
      expect(linesOf(families, openmetrics, { escaping: 'values' })).to.deep.equal([
        'U__my_2e_calls__total{U__a_20_b="1",c="2"} 3',
      ]);
    });

    it('writes each name once, and names omitted metrics and series in comments', () => {
      const families = [named('a.b', '', 'gauge'), named('a_b', '', 'gauge'), named('a-b', '', 'gauge')];
      const written = writeFamilies(families, text).toString();
      expect(written.match(/^a_b 3$/gm)).to.have.length(1);
      expect(written).to.contain('\n# TYPE a_b gauge\na_b 3\n');
      expect(written).to.contain(
        '# The metric a.b is not in this scrape, because its name in this scrape, a_b, is the name of another metric.\n',
      );
      const [one, other] = [named('a', 'b_c="1"', 'gauge'), named('a', '"b.c"="1"', 'gauge')];
      const both = { ...one, series: [...one.series, ...other.series] };
      expect(writeFamilies([both], text).toString()).to.equal(
        '# HELP a A.\n# TYPE a gauge\na{b_c="1"} 3\n' +
          '# The metric a has 1 more series, whose labels are equal after their names were escaped.\n',
      );
      expect(linesOf([both], text1, { escaping: 'allow-utf-8' })).to.deep.equal(['a{b_c="1"} 3', 'a{"b.c"="1"} 3']);
    });
  });

  describe('in OpenMetrics 2.0', () => {
    const write = (...families: Parameters<typeof writeFamilies>[0] extends Iterable<infer One> ? One[] : never) =>
      writeFamilies(families, openmetrics2).toString();

    it('writes start timestamps, and keeps the names of counters', () => {
      expect(write(counter)).to.equal(
        '# TYPE calls_total counter\n# HELP calls_total Calls.\ncalls_total 3 st@50 # {id="x"} 1 2\n',
      );
      const plain = { ...counter, descriptor: { ...counter.descriptor, name: 'calls' } };
      const gauge = familyOf({ name: 'calls_total_', help: 'A.', kind: 'gauge' }, { cells: [1] });
      expect(write(plain)).to.contain('# TYPE calls counter\n').and.to.contain('\ncalls 3 st@50 # {id="x"} 1 2\n');
      expect(write(gauge)).to.contain('\ncalls_total_ 1\n');
    });

    it('writes each series of a histogram in one line, with the exemplars of its buckets', () => {
      const withExemplars = familyOf(
        { name: 'size', help: 'Size.', kind: 'histogram', buckets: [1], labels: ['a'] },
        {
          labels: { a: 'b' },
          cells: [2, 1, -5],
          createdSeconds: 60,
          exemplars: [1, 2].map((value) => ({ labels: { id: `${value}` }, value, timestampSeconds: 9.5 })),
        },
      );
      expect(write(withExemplars)).to.equal(
        '# TYPE size histogram\n# HELP size Size.\n' +
          'size{a="b"} {count:3,sum:-5,bucket:[1:2,+Inf:3]} st@60 # {id="1"} 1 9.5 # {id="2"} 2 9.5\n',
      );
      const native = { schema: 0, zeroThreshold: 0, zeroCount: 3 };
      const buckets = { positive: { indexes: [], counts: [] }, negative: { indexes: [], counts: [] } };
      const [series] = withExemplars.series;
      const both = {
        ...withExemplars,
        series: [
          {
            ...series!,
            labelText: '',
            exemplar: () => undefined,
            native: () => ({ ...native, ...buckets }),
          },
        ],
      };
      expect(write(both)).to.contain(
        '\nsize {count:3,sum:-5,schema:0,zero_threshold:0,zero_count:3,bucket:[1:2,+Inf:3]} st@60\n',
      );
    });

    it('omits a gauge with the name of a sample of a histogram', () => {
      const count = familyOf({ name: 'size_count', help: 'A.', kind: 'gauge' }, { cells: [7] });
      expect(write(histogram, count)).not.to.contain('size_count');
    });
  });
});
