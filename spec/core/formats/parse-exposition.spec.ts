import { expect } from 'chai';
import fc from 'fast-check';
import { MetricsCollector } from '../../../lib/core/collector/collector.js';
import { openMetrics2Format } from '../../../lib/core/formats/openmetrics.js';
import { parseExposition } from '../../../lib/core/formats/parse-exposition.js';
import { textFormat } from '../../../lib/core/formats/text.js';
import { writeFamilies } from '../../../lib/core/formats/write-families.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { familyOf } from '../../support/families.js';

describe('parseExposition', () => {
  it('reads names, labels and values', () => {
    const text =
      '# HELP a What.\n# TYPE a counter\na{x="1",y="two"} 3\nb 1.5e-3\n\nc_bucket{le="+Inf"} 7 1700000000000\n';
    expect(parseExposition(text)).to.deep.equal([
      { name: 'a', labels: { x: '1', y: 'two' }, value: 3 },
      { name: 'b', labels: {}, value: 0.0015 },
      { name: 'c_bucket', labels: { le: '+Inf' }, value: 7 },
    ]);
  });

  it('ends lines at line feeds only', () => {
    const text = '# HELP a One\rtwo\u2028three\u2029four.\r\n  # HELP\n# TYPE\na{x="\u2028\r"} 3\nb 1\n';
    expect(parseExposition(text)).to.deep.equal([
      { name: 'a', labels: { x: '\u2028\r' }, value: 3 },
      { name: 'b', labels: {}, value: 1 },
    ]);
  });

  it('reads infinite values and NaN', () => {
    const values = parseExposition('a +Inf\nb -Inf\nc NaN\n').map(({ value }) => value);
    expect(values).to.deep.equal([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]);
  });

  it('reads start timestamps, and ignores timestamps and exemplars', () => {
    const text = [
      'a{m="x"} 3 st@1700000000.5 # {trace_id="1"} 1 1700000001.5',
      'b 4 1700000002.25 st@1.7e9',
      'c_bucket{le="1.0"} 5 # {trace_id="{}"} 0.5',
      'd 6 1700000003.5',
      '# EOF',
    ].join('\n');
    expect(parseExposition(text)).to.deep.equal([
      { name: 'a', labels: { m: 'x' }, value: 3, start: 1_700_000_000.5 },
      { name: 'b', labels: {}, value: 4, start: 1.7e9 },
      { name: 'c_bucket', labels: { le: '1.0' }, value: 5 },
      { name: 'd', labels: {}, value: 6 },
    ]);
  });

  it('reads a composite value as the samples of the text format, with a sample for native buckets', () => {
    const native = ',schema:0,zero_threshold:0,zero_count:0,positive_spans:[1:1],positive_buckets:[2]';
    const text = `h{m="x"} {count:2,sum:3${native},bucket:[1:0,+Inf:2]} st@5 # {a="b"} 1 2\ns {count:1,sum:2,quantile:[0.5:2]}`;
    const facts = { labels: { m: 'x' }, start: 5 };
    const buckets = { schema: 0, zeroThreshold: 0, zeroCount: 0, negative: { indexes: [], counts: [] } };
    expect(parseExposition(text)).to.deep.equal([
      { name: 'h_bucket', labels: { m: 'x', le: '1' }, value: 0, start: 5 },
      { name: 'h_bucket', labels: { m: 'x', le: '+Inf' }, value: 2, start: 5 },
      { name: 'h_sum', value: 3, ...facts },
      { name: 'h_count', value: 2, ...facts },
      { name: 'h', value: 2, ...facts, native: { ...buckets, positive: { indexes: [1], counts: [2] } } },
      { name: 's', labels: { quantile: '0.5' }, value: 2 },
      { name: 's_sum', labels: {}, value: 2 },
      { name: 's_count', labels: {}, value: 1 },
    ]);
  });

  it('reads quoted label names', () => {
    expect(parseExposition('a{"x.y"="1", b="2",} 3')).to.deep.equal([
      { name: 'a', labels: { 'x.y': '1', b: '2' }, value: 3 },
    ]);
  });

  it('returns the same samples from the text format and OpenMetrics 2.0', () => {
    const counts = fc.array(fc.nat(1000), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(fc.record({ model: fc.string({ unit: 'binary' }), counts })), (all) => {
        const series = all.map(({ model, counts: cells }) => ({ labels: { model }, cells: [...cells, 1.5] }));
        const options = { name: 'h', help: '', buckets: [0.5, 2] };
        const families = [familyOf({ ...options, kind: 'histogram' }, ...series)];
        const [older = [], newer = []] = [textFormat, openMetrics2Format].map((format) =>
          parseExposition(writeFamilies(families, format).toString()).map(({ start: _, ...sample }) => sample),
        );
        expect(newer).to.deep.equal(older);
        expect(newer).to.have.length(5 * all.length);
      }),
    );
  });

  it('skips lines that are not samples', () => {
    expect(parseExposition('<!doctype html>\n{a="1"} 2\na\n1 2\n')).to.deep.equal([]);
  });

  it('returns any label value unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 40 }), async (model) => {
        const registry = new SharedRegistry();
        new MetricsCollector(registry).incrementCircuitBreakerFailures({ model });
        const [sample] = parseExposition(
          await registry.getSingleMetricAsString('tinyllm_circuit_breaker_failures_total'),
        );
        expect(sample?.labels.model).to.equal(model);
        expect(sample?.value).to.equal(1);
      }),
      { numRuns: 60 },
    );
  });
});
