import { expect } from 'chai';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import { TEXT_CONTENT_TYPE, writeText } from '../../lib/exposition/text.js';
import { Meter } from '../../lib/metrics/meter.js';
import { parseText } from '../support/parse-text.js';

describe('writeText', () => {
  const labels = ['model', 'graph'] as const;
  let meter: Meter;

  beforeEach(() => {
    meter = new Meter(new Registry());
  });

  it('writes nothing for nothing', () => {
    expect(writeText([])).to.equal('');
  });

  it('writes each kind as the format wants it', () => {
    const counter = meter.create({ name: 'calls_total', help: 'Calls.', kind: 'counter', labels });
    const gauge = meter.create({ name: 'level', help: 'A \\ B\nC.', kind: 'gauge' });
    const histogram = meter.create({
      name: 'wait_seconds',
      help: 'Wait.',
      kind: 'histogram',
      labels,
      buckets: [0.5, 1],
    });
    const info = meter.create({ name: 'build_info', help: 'Build.', kind: 'info', labels: ['version'] as const });
    counter.series('m', 'g').inc(3);
    gauge.series().set(Number.NEGATIVE_INFINITY);
    histogram.series('m"', 'g').observe(0.75);
    info.series('1').show();
    expect(writeText([counter, gauge, histogram, info])).to.equal(
      [
        '# HELP calls_total Calls.',
        '# TYPE calls_total counter',
        'calls_total{model="m",graph="g"} 3',
        '# HELP level A \\\\ B\\nC.',
        '# TYPE level gauge',
        'level -Inf',
        '# HELP wait_seconds Wait.',
        '# TYPE wait_seconds histogram',
        'wait_seconds_bucket{model="m\\"",graph="g",le="0.5"} 0',
        'wait_seconds_bucket{model="m\\"",graph="g",le="1"} 1',
        'wait_seconds_bucket{model="m\\"",graph="g",le="+Inf"} 1',
        'wait_seconds_sum{model="m\\"",graph="g"} 0.75',
        'wait_seconds_count{model="m\\"",graph="g"} 1',
        '# HELP build_info Build.',
        '# TYPE build_info gauge',
        'build_info{version="1"} 1',
        '',
      ].join('\n'),
    );
  });

  it('writes HELP and TYPE of a metric without series', () => {
    const counter = meter.create({ name: 'calls_total', help: 'Calls.', kind: 'counter', labels });
    expect(writeText([counter])).to.equal('# HELP calls_total Calls.\n# TYPE calls_total counter\n');
  });

  it('adds default labels, behind the own ones, which win', () => {
    const counter = meter.create({ name: 'calls_total', help: 'Calls.', kind: 'counter', labels: ['model'] as const });
    const histogram = meter.create({ name: 'wait_seconds', help: 'Wait.', kind: 'histogram', buckets: [1] });
    counter.series('').inc();
    histogram.series();
    const defaults = { model: 'default', zone: 'a"b', le: 'x', shard: 3 as unknown as string };
    const samples = parseText(writeText([counter, histogram], defaults)).flatMap((family) => family.samples);
    expect(samples.map((sample) => sample.labels)).to.deep.equal([
      { model: '', zone: 'a"b', le: 'x', shard: '3' },
      { model: 'default', zone: 'a"b', le: '1', shard: '3' },
      { model: 'default', zone: 'a"b', le: '+Inf', shard: '3' },
      { model: 'default', zone: 'a"b', shard: '3' },
      { model: 'default', zone: 'a"b', shard: '3' },
    ]);
  });

  it("writes what prom-client's own registry writes", async () => {
    const texts = fc.string({ unit: fc.constantFrom('\\', '"', '\n', ',', 'a', '\ud83d') });
    const record = fc.tuple(texts, texts, fc.double({ noNaN: true, noDefaultInfinity: true }));
    await fc.assert(
      fc.asyncProperty(texts, fc.array(record, { maxLength: 8 }), async (help, records) => {
        const registry = new Registry();
        meter = new Meter(registry);
        const gauge = meter.create({ name: 'level', help, kind: 'gauge', labels });
        const histogram = meter.create({
          name: 'wait_seconds',
          help,
          kind: 'histogram',
          labels,
          buckets: [0, 1e-9, 4],
        });
        for (const [model, graph, value] of records) {
          gauge.series(model, graph).set(value);
          histogram.series(model, graph).observe(value);
        }
        expect(parseText(writeText([gauge, histogram]))).to.deep.equal(parseText(await registry.metrics()));
      }),
    );
  });

  it('names the format in its content type', () => {
    expect(TEXT_CONTENT_TYPE).to.equal('text/plain; version=0.0.4; charset=utf-8');
    expect(TEXT_CONTENT_TYPE).to.equal(Registry.PROMETHEUS_CONTENT_TYPE);
  });
});

describe('the parser these specs read with', () => {
  const header = '# TYPE a gauge\n';
  const refused: readonly (readonly [string, string])[] = [
    ['no final line feed', `${header}a 1`],
    ['a sample outside its family', `${header}b 1\n`],
    ['a sample before its family', `a 1\n${header}`],
    ['a series twice', `${header}a{b="1",c="2"} 1\na{c="2",b="1"} 1\n`],
    ['TYPE twice', header + header],
    ['HELP twice', '# HELP a x\n# HELP a x\n'],
    ['a family in two parts', `${header}a 1\n# TYPE b gauge\n# HELP a x\n`],
    ['a bad escape in a label value', `${header}a{b="\\t"} 1\n`],
    ['a bad escape in a help text', '# HELP a \\x\n'],
    ['a bad number', `${header}a Nan\n`],
    ['no number', `${header}a\n`],
    ['a label twice', `${header}a{b="1",b="2"} 1\n`],
    ['a bare histogram sample', '# TYPE a histogram\na 1\n'],
    ['an unknown type', '# TYPE a info\n'],
  ];
  for (const [title, text] of refused) {
    it(`refuses ${title}`, () => {
      expect(() => parseText(text)).to.throw();
    });
  }
});
