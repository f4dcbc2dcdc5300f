import { expect } from 'chai';
import fc from 'fast-check';
import { writeOpenMetrics } from '../../../lib/core/formats/openmetrics.js';
import { writeText } from '../../../lib/core/formats/text.js';
import { parseText, readText } from '../../../lib/hub/pushes/parse-text.js';
import { PushRefused } from '../../../lib/hub/pushes/push-refused.js';
import { Pace, runWithoutPauses } from '../../../lib/hub/pushes/sliced-work.js';
import { familyOf } from '../../support/families.js';
import { anyText } from '../../support/hostile.js';
import { parseText as parseStrictly } from '../../support/parse-text.js';

const name = fc.stringMatching(/^[a-z_:][a-z0-9_:]{0,8}$/);
const labels = fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9_]{0,6}$/), fc.string({ unit: 'binary', maxLength: 12 }), {
  maxKeys: 4,
  noNullPrototype: true,
});

describe('parseText', () => {
  it('parses families with types, help texts, labels and lines', () => {
    const text = [
      '# HELP a_total Says \\\\ and \\n.',
      '# TYPE a_total counter',
      'a_total{x="1",y="q\\"\\\\\\n}"} 2.5e3',
      '',
      '# just a remark',
      '#TYPE b histogram',
      'b_bucket{le="+Inf",} 1',
      '\tb_sum \t +Inf ',
      'b_count 1',
      'a_total  Nan',
      '',
    ].join('\n');
    expect(parseText(text)).to.deep.equal([
      {
        name: 'a_total',
        type: 'counter',
        help: 'Says \\ and \n.',
        line: 1,
        samples: [
          {
            name: 'a_total',
            labels: [
              ['x', '1'],
              ['y', 'q"\\\n}'],
            ],
            value: 2500,
            line: 3,
          },
          { name: 'a_total', labels: [], value: Number.NaN, line: 10 },
        ],
      },
      {
        name: 'b',
        type: 'histogram',
        help: '',
        line: 6,
        samples: [
          { name: 'b_bucket', labels: [['le', '+Inf']], value: 1, line: 7 },
          { name: 'b_sum', labels: [], value: Number.POSITIVE_INFINITY, line: 8 },
          { name: 'b_count', labels: [], value: 1, line: 9 },
        ],
      },
    ]);
    expect(parseText('')).to.deep.equal([]);
  });

  const malformed: readonly (readonly [title: string, text: string, problem: string])[] = [
    ['no last line feed', 'a 1\nb 2', 'line 2: the last line does not end'],
    ['no value', 'a\n', 'line 1: expected labels or a value'],
    ['two values', '\na 1 x\n', 'line 2: expected one value'],
    ['a timestamp', 'a 1 1700000000000\n', 'line 1: a timestamp'],
    ['a value that is not a number', 'a 0x10\n', 'the value "0x10" is not a number'],
    ['a number too large', 'a 1e999\n', 'is not a number'],
    ['an invalid name', 'ok 1\n9a 1\n', 'line 2: expected a metric name'],
    ['unclosed labels', 'a{b="1" 1\n', 'line 1: malformed labels'],
    ['an unclosed value', 'a{b="1} 1\n', 'malformed labels'],
    ['an invalid escape', 'a{b="\\t"} 1\n', 'malformed labels'],
    ['no comma', 'a{b="1"c="2"} 1\n', 'malformed labels'],
    ['two names', 'a{"b"} 1\n', 'malformed labels, expected = after "b"'],
    ['two commas', 'a{b="1",,} 1\n', 'malformed labels'],
    ['no name', '{a="1"} 1\n', 'expected a metric name'],
    ['a label twice', 'a{b="1",b="2"} 1\n', 'line 1: the label "b" occurs twice'],
    ['a reserved label', 'a{__name__="b"} 1\n', 'names that start with __'],
    ['an unknown type', '# TYPE a enum\n', 'line 1: unknown type "enum"'],
    ['a second type', '# TYPE a gauge\n# TYPE a gauge\n', 'line 2: a has two TYPE lines'],
    ['a late type', 'a 1\n# TYPE a gauge\n', 'line 2: the TYPE of a comes after'],
    ['a second help', '# HELP a x\n# HELP a x\n', 'line 2: a has two HELP lines'],
    ['a help text with an invalid escape', '# HELP a \\x\n', 'invalid escape'],
    ['a type of an invalid name', '# TYPE 9 gauge\n', 'expected a metric name'],
    [
      'too many labels',
      `a{${Array.from({ length: 257 }, (_, index) => `l${index}=""`).join()}} 1\n`,
      'more than 256 labels',
    ],
    ['an invalid name and value', 'a 1\n\nb{c="1"} x\n', 'line 3: the value "x" is not a number'],
    ['many digits that are not a number', `a ${'1'.repeat(60_000)}x\n`, 'is not a number'],
    ['an exemplar', 'a 1 # {b="1"} 1\n', 'line 1: expected one value'],
    ['carriage returns', 'a 1\r\n', 'line 1'],
    ['a line without end', `a{b="${'x'.repeat(70_000)}"} 1\n`, 'expected at most 65536'],
  ];
  for (const [title, text, problem] of malformed) {
    it(`rejects ${title}, and reports the line`, () => {
      expect(() => parseText(text))
        .to.throw(PushRefused, problem)
        .with.property('status', 400);
    });
  }

  it('ends lines at line feeds only, and ignores comments without a name', () => {
    const help = 'One\rtwo\u2028three\u2029four.\r';
    const text = `  # HELP\n# TYPE\n#\n\t#TYPE \n# HELP b\n# HELP a ${help}\n \t# TYPE a gauge\na{x="\u2028"} 1\n  `;
    expect(parseText(text)).to.deep.equal([
      {
        name: 'a',
        help,
        type: 'gauge',
        line: 6,
        samples: [{ name: 'a', labels: [['x', '\u2028']], value: 1, line: 8 }],
      },
    ]);
  });

  it('parses UTF-8 names, with _ for other characters', () => {
    const text = '# TYPE "my.metric" counter\n{"my.metric","k8s.pod"="a",b="c"} 1\n{"my.metric"} 2\nd{"e"="f"} 3\n';
    const shown = parseText(text).map(({ name: metric, type, samples }) => [
      metric,
      type,
      samples.map((one) => one.labels),
    ]);
    expect(shown).to.deep.equal([
      [
        'my_metric',
        'counter',
        [
          [
            ['k8s_pod', 'a'],
            ['b', 'c'],
          ],
          [],
        ],
      ],
      ['d', 'untyped', [[['e', 'f']]]],
    ]);
  });

  it('parses the output of our writers in both formats', () => {
    const series = fc.record({
      labels: fc.record({ a: anyText, b: anyText }),
      cells: fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
    });
    fc.assert(
      fc.property(
        anyText,
        fc.uniqueArray(series, { selector: (one) => JSON.stringify(one.labels), maxLength: 3 }),
        (help, all) => {
          const families = [
            familyOf({ name: 'g', help, kind: 'gauge', labels: ['a', 'b'] }, ...all),
            familyOf({ name: 'c_total', help, kind: 'counter', labels: ['a', 'b'] }, ...all),
            familyOf({ name: 'h', help, kind: 'histogram', labels: ['a', 'b'], buckets: [1, 2] }, ...all),
          ];
          const texts = [
            runWithoutPauses(readText(Buffer.from(writeText(families)), 'text', new Pace())),
            runWithoutPauses(readText(Buffer.from(`${writeOpenMetrics(families)}# EOF\n`), 'openmetrics', new Pace())),
          ];
          for (const read of texts) {
            expect(read.map((family) => family.name)).to.deep.equal(all.length === 0 ? [] : ['g', 'c_total', 'h']);
            for (const family of read) expect(family.help).to.equal(help.replace(/^[ \t]+/, ''));
            const values = read
              .slice(0, 2)
              .map(({ samples }) => samples.map((one) => [Object.fromEntries(one.labels), one.value]));
            for (const one of values) expect(one).to.deep.equal(all.map((given) => [given.labels, given.cells[0]]));
          }
        },
      ),
    );
  });

  it('parses written samples with any label values', () => {
    fc.assert(
      fc.property(name, labels, fc.double(), (metric, given, value) => {
        const written = Object.entries(given).map(
          ([label, text]) =>
            `${label}="${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`,
        );
        const shown = String(value).replace('Infinity', 'Inf');
        const [family] = parseText(`${metric}{${written.join(',')}} ${shown}\n`);
        expect(Object.fromEntries(family?.samples[0]?.labels ?? [])).to.deep.equal(given);
        expect(family?.samples[0]?.value).to.deep.equal(value + 0);
      }),
    );
  });

  it('returns families or throws PushRefused for any text, and accepts what a stricter parser accepts', () => {
    const word = fc.constantFrom(
      'a',
      'a_sum',
      '{',
      '}',
      'b="c"',
      ',',
      ' ',
      '1',
      'NaN',
      '\n',
      '# TYPE a ',
      'summary',
      'gauge',
      '\\',
      '"',
      '#',
      '\t',
      '+Inf',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(word).map((words) => `${words.join('')}\n`),
        ),
        (text) => {
          let families: unknown;
          try {
            families = parseText(text);
          } catch (error) {
            expect(error).to.be.instanceOf(PushRefused);
          }
          let strict: unknown;
          try {
            strict = parseStrictly(text);
          } catch {
            return;
          }
          // The other parser accepts names that start with __.
          if (families === undefined) expect(text).to.match(/__/);
          else expect(strict).to.be.an('array');
        },
      ),
      { numRuns: 500 },
    );
  });
});
