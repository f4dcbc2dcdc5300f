import { expect } from 'chai';
import fc from 'fast-check';
import { MetricsCollector } from '../../../lib/core/collector/collector.js';
import { parseExposition } from '../../../lib/core/formats/parse-exposition.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';

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
