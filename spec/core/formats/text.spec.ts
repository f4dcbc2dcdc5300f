import { expect } from 'chai';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import { TEXT_CONTENT_TYPE, textFormat, writeText } from '../../../lib/core/formats/text.js';
import { familyOf } from '../../support/families.js';
import { anyText } from '../../support/hostile.js';
import { parseText } from '../../support/parse-text.js';

describe('writeText', () => {
  it('writes nothing for no metrics', () => {
    expect(writeText([])).to.equal('');
  });

  it('writes each kind as the format requires', () => {
    const families = [
      familyOf(
        { name: 'calls_total', help: 'Calls.', kind: 'counter' },
        { labels: { model: 'm', graph: 'g' }, cells: [3] },
      ),
      familyOf({ name: 'level', help: 'A \\ "B"\nC.', kind: 'gauge' }, { cells: [Number.NEGATIVE_INFINITY] }),
      familyOf(
        { name: 'wait_seconds', help: 'Wait.', kind: 'histogram', unit: 'seconds', buckets: [0.5, 1] },
        { labels: { model: 'm"' }, cells: [2, 1, 1, 4.75] },
      ),
      familyOf({ name: 'build_info', help: 'Build.', kind: 'info' }, { labels: { version: '1' }, cells: [1] }),
    ];
    expect(writeText(families)).to.equal(
      [
        '# HELP calls_total Calls.',
        '# TYPE calls_total counter',
        'calls_total{model="m",graph="g"} 3',
        '# HELP level A \\\\ "B"\\nC.',
        '# TYPE level gauge',
        'level -Inf',
        '# HELP wait_seconds Wait.',
        '# TYPE wait_seconds histogram',
        'wait_seconds_bucket{model="m\\"",le="0.5"} 2',
        'wait_seconds_bucket{model="m\\"",le="1"} 3',
        'wait_seconds_bucket{model="m\\"",le="+Inf"} 4',
        'wait_seconds_sum{model="m\\""} 4.75',
        'wait_seconds_count{model="m\\""} 4',
        '# HELP build_info Build.',
        '# TYPE build_info gauge',
        'build_info{version="1"} 1',
        '',
      ].join('\n'),
    );
  });

  it('writes HELP and TYPE of a metric without series', () => {
    const family = familyOf({ name: 'calls_total', help: 'Calls.', kind: 'counter' });
    expect(writeText([family])).to.equal('# HELP calls_total Calls.\n# TYPE calls_total counter\n');
  });

  it('omits an info series that is not set, and writes an info series once even if several threads set it', () => {
    const info = familyOf(
      { name: 'build_info', help: 'Build.', kind: 'info' },
      { labels: { version: '1' }, cells: [0] },
      { labels: { version: '2' }, cells: [2] },
    );
    expect(parseText(writeText([info]))[0]?.samples).to.deep.equal([
      { name: 'build_info', labels: { version: '2' }, value: 1 },
    ]);
  });

  it('omits exemplars, which the format does not have', () => {
    const exemplars = [{ labels: { trace_id: 'a' }, value: 1, timestampSeconds: 2 }];
    const family = familyOf({ name: 'calls_total', help: 'Calls.', kind: 'counter' }, { cells: [1], exemplars });
    expect(writeText([family])).to.match(/\ncalls_total 1\n$/);
  });

  it('can be parsed to the same values, for any values, labels and help', () => {
    const series = fc.uniqueArray(fc.tuple(anyText, anyText, fc.double()), {
      selector: ([a, b]) => JSON.stringify([a, b]),
    });
    fc.assert(
      fc.property(anyText, series, (help, allSeries) => {
        const family = familyOf(
          { name: 'level', help, kind: 'gauge' },
          ...allSeries.map(([a, b, value]) => ({ labels: { a, b }, cells: [value] })),
        );
        const samples = allSeries.map(([a, b, value]) => ({ name: 'level', labels: { a, b }, value: value + 0 }));
        expect(parseText(writeText([family]))).to.deep.equal([{ name: 'level', help, type: 'gauge', samples }]);
      }),
    );
  });

  it('has the content type of the format', () => {
    expect(textFormat.contentType).to.equal(TEXT_CONTENT_TYPE);
    expect(TEXT_CONTENT_TYPE).to.equal(Registry.PROMETHEUS_CONTENT_TYPE);
  });
});

describe('the text parser of these specs', () => {
  const header = '# TYPE a gauge\n';
  const invalid: readonly (readonly [string, string])[] = [
    ['no final line feed', `${header}a 1`],
    ['a sample outside its family', `${header}b 1\n`],
    ['a sample before its family', `a 1\n${header}`],
    ['a duplicate series', `${header}a{b="1",c="2"} 1\na{c="2",b="1"} 1\n`],
    ['a duplicate TYPE', header + header],
    ['a duplicate HELP', '# HELP a x\n# HELP a x\n'],
    ['a family in two parts', `${header}a 1\n# TYPE b gauge\n# HELP a x\n`],
    ['a bad escape in a label value', `${header}a{b="\\t"} 1\n`],
    ['a bad escape in a help text', '# HELP a \\x\n'],
    ['a bad number', `${header}a Nan\n`],
    ['no number', `${header}a\n`],
    ['a duplicate label', `${header}a{b="1",b="2"} 1\n`],
    ['a bare histogram sample', '# TYPE a histogram\na 1\n'],
    ['an unknown type', '# TYPE a info\n'],
  ];
  for (const [title, text] of invalid) {
    it(`rejects ${title}`, () => {
      expect(() => parseText(text)).to.throw();
    });
  }
});
