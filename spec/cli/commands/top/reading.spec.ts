import { expect } from 'chai';
import { EndpointError } from '../../../../cli/commands/top/endpoint-error.js';
import { readScrape, type SeriesReading } from '../../../../cli/commands/top/reading.js';
import { MetricsCollector } from '../../../../lib/core/collector/collector.js';
import { histogramValue } from '../../../../lib/core/formats/composite-value.js';
import { SharedRegistry } from '../../../../lib/core/metrics/shared-registry.js';
import { nativeHistogramOf } from '../../../support/native-histogram-of.js';
import { openMetricsReadingOf } from '../../../support/readings.js';

describe('readScrape', () => {
  it('reads recorded metrics with any label values', async () => {
    const registry = new SharedRegistry();
    const collector = new MetricsCollector(registry);
    const model = 'a"b\\c\nd,e="f"';
    collector.incrementRequestCount({ model });
    collector.recordRateLimitWait({ model, waitSeconds: 0.02 });
    const { at, families } = readScrape(await registry.metrics(), 7);
    expect(at).to.equal(7);
    const [request] = [...(families.get('tinyllm_requests_total')?.values() ?? [])];
    expect(request?.labels).to.deep.equal({ model, graph: 'default', request_type: 'generate' });
    expect(request?.values).to.deep.equal(new Map([['', 1]]));
    const [wait] = [...(families.get('tinyllm_rate_limit_wait_seconds')?.values() ?? [])];
    expect(wait?.labels).to.deep.equal({ model });
    expect(Object.fromEntries(wait?.values ?? [])).to.include({ '0.01': 0, '0.05': 1, '+Inf': 1, sum: 0.02, count: 1 });
  });

  it('reads help texts with other line breaks and comments without a name', () => {
    const text = [
      '  # HELP',
      '# TYPE',
      '# HELP own Ends in CRLF\r',
      '# TYPE own gauge',
      'own{a="\u2028"} 1',
      '# HELP tinyllm_requests_total One\u2028two\u2029three.',
      '\t# TYPE tinyllm_requests_total counter',
      'tinyllm_requests_total{model="m"} 3',
      '',
    ].join('\n');
    const [series] = [...(readScrape(text, 0).families.get('tinyllm_requests_total')?.values() ?? [])];
    expect(series?.values.get('')).to.equal(3);
  });

  it('reads OpenMetrics 2.0 with native histograms and start timestamps', () => {
    const name = 'tinyllm_request_latency_seconds';
    const native = nativeHistogramOf([0.001, 2], 3);
    const value = histogramValue({ bounds: [1, Number.POSITIVE_INFINITY], counts: [1, 2], sum: 2.001, native });
    const { families } = openMetricsReadingOf(
      3,
      '# TYPE tinyllm_requests_total counter',
      'tinyllm_requests_total{model="m"} 3 st@1700000000.5',
      `${name}{model="m"} ${value} st@5`,
      'up 1',
    );
    expect([...families.keys()]).to.deep.equal(['tinyllm_requests_total', name]);
    const [[request], [latency]] = [...families.values()].map((series) => [...series.values()]) as [
      [SeriesReading],
      [SeriesReading],
    ];
    expect(request).to.deep.equal({ labels: { model: 'm' }, values: new Map([['', 3]]), start: 1_700_000_000.5 });
    const { values, ...facts } = latency;
    expect(Object.fromEntries(values)).to.deep.equal({ 1: 1, '+Inf': 2, sum: 2.001, count: 2 });
    expect(facts).to.deep.equal({ labels: { model: 'm' }, native, start: 5 });
  });

  it('reads OpenMetrics 1.0, which other servers may send', () => {
    const { families } = openMetricsReadingOf(
      3,
      '# TYPE tinyllm_requests counter',
      'tinyllm_requests_total{model="m"} 3.0 1700000001.5 # {trace_id="1"} 1',
      'tinyllm_requests_created{model="m"} 1700000000.5',
    );
    const [series] = [...(families.get('tinyllm_requests_total')?.values() ?? [])];
    expect([families.size, series?.values.get('')]).to.deep.equal([1, 3]);
  });

  it('rejects OpenMetrics without its last line', () => {
    const type = 'application/openmetrics-text; version=2.0.0';
    expect(() => readScrape('tinyllm_requests_total 1\n', 0, type)).to.throw(EndpointError, /without # EOF/);
    expect(() => readScrape('tinyllm_requests_total 1 # EOF\n', 0, type)).to.throw(EndpointError, /without # EOF/);
  });

  it('rejects scrapes that are not from TinyLLM', () => {
    expect(() => readScrape('<html></html>\n', 0)).to.throw(
      EndpointError,
      /does not respond in the Prometheus text format/,
    );
    expect(() => readScrape('up 1\n', 0)).to.throw(EndpointError, /without metrics of TinyLLM/);
    expect(() => readScrape('', 0)).to.throw(EndpointError);
  });
});
