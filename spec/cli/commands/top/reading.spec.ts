import { expect } from 'chai';
import { EndpointError } from '../../../../cli/commands/top/endpoint-error.js';
import { readScrape } from '../../../../cli/commands/top/reading.js';
import { MetricsCollector } from '../../../../lib/core/collector/collector.js';
import { SharedRegistry } from '../../../../lib/core/metrics/shared-registry.js';

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

  it('rejects scrapes that are not from TinyLLM', () => {
    expect(() => readScrape('<html></html>\n', 0)).to.throw(
      EndpointError,
      /does not respond in the Prometheus text format/,
    );
    expect(() => readScrape('up 1\n', 0)).to.throw(EndpointError, /without metrics of TinyLLM/);
    expect(() => readScrape('', 0)).to.throw(EndpointError);
  });
});
