import { expect } from 'chai';
import { checkEndpoint } from '../../../../cli/commands/doctor/check-endpoint.js';
import type { Finding } from '../../../../cli/commands/doctor/finding.js';
import { readTopUrl } from '../../../../cli/commands/top/top-url.js';
import { startFakeServer } from '../../../support/fake-server.js';
import { freePort } from '../../../support/free-port.js';

async function examine(lines: readonly string[]): Promise<ReadonlyMap<string, Finding>> {
  const text = `# TYPE tinyllm_system_info gauge\ntinyllm_system_info{version="1"} 1\n${lines.join('\n')}\n`;
  const server = await startFakeServer(() => ({ contentType: 'text/plain', pieces: [text] }));
  const findings = await checkEndpoint(readTopUrl(server.url)!).finally(() => server.close());
  return new Map(findings.map((finding) => [finding.check, finding]));
}

const requests = (labels: string, count: number) => [
  '# TYPE tinyllm_requests_total counter',
  `tinyllm_requests_total{${labels}} ${count}`,
];

describe('checkEndpoint', () => {
  it('reports a healthy endpoint with its counts', async () => {
    const findings = await examine(requests('model="m",graph="g"', 3));
    expect([...findings.values()].map(({ verdict }) => verdict)).to.deep.equal(['ok', 'ok', 'ok', 'ok', 'ok']);
    expect(findings.get('traffic')?.found).to.include('requests: 3,');
    expect(findings.get('endpoint')?.found).to.match(/serves 2 metrics of TinyLLM with 2 series$/);
  });

  it('reports the mistakes of the application that the server lists', async () => {
    const problem = 'The option "model" of @TrackRequest on Client.ask returned undefined; expected a string.';
    const server = await startFakeServer(({ url }) =>
      url === '/-/problems'
        ? { contentType: 'application/json', pieces: [JSON.stringify({ problems: [problem, 7] })] }
        : {
            contentType: 'text/plain',
            pieces: ['# TYPE tinyllm_system_info gauge\ntinyllm_system_info{version="1"} 1\n'],
          },
    );
    const findings = await checkEndpoint(readTopUrl(server.url)!).finally(() => server.close());
    expect(findings.filter(({ check }) => check === 'code')).to.deep.equal([
      {
        check: 'code',
        verdict: 'failed',
        found: problem,
        fix: 'correct this option in the code of the application',
      },
    ]);
  });

  /** Starts a server that serves metrics and this list of problems below a path. Returns its findings about code. */
  async function codeFindings(prefix: string, problems: string): Promise<readonly Finding[]> {
    const metrics = '# TYPE tinyllm_system_info gauge\ntinyllm_system_info{version="1"} 1\n';
    const server = await startFakeServer(({ url }) =>
      url === `${prefix}/-/problems`
        ? { contentType: 'application/json', pieces: [problems] }
        : { contentType: 'text/plain', pieces: [metrics] },
    );
    const target = readTopUrl(`${server.url}${prefix}/metrics?a=b`)!;
    const findings = await checkEndpoint(target).finally(() => server.close());
    return findings.filter(({ check }) => check === 'code');
  }

  it('reads the mistakes behind a path prefix', async () => {
    const problems = JSON.stringify({ problems: ['The option failed; correct it.'] });
    const found = (await codeFindings('/llm/tiny', problems)).map((finding) => finding.found);
    expect(found).to.deep.equal(['The option failed; correct it.']);
  });

  it('replaces control characters and line breaks of the server', async () => {
    const hostile = 'a\u001b[2J\nb\u009b\u202ec; fix\r\u0007.';
    const [finding] = await codeFindings('', JSON.stringify({ problems: [hostile] }));
    expect(finding?.found).to.equal('a�[2J�b��c; fix��.');
    const findings = await examine([
      '# TYPE tinyllm_proxy_upstream_up gauge',
      'tinyllm_proxy_upstream_up{upstream="\u001b]0;a\u0007\\nb"} 0',
    ]);
    expect(findings.get('upstreams')?.found).to.match(/^the upstream �\]0;a��b does not respond/);
  });

  it('reads at most 1 MiB and 100 mistakes', async () => {
    const many = JSON.stringify({ problems: Array.from({ length: 101 }, (_, index) => `problem ${index}`) });
    expect(await codeFindings('', many)).to.have.length(100);
    expect(await codeFindings('', JSON.stringify({ problems: ['a'.repeat(2 ** 20)] }))).to.deep.equal([]);
  });

  it('notes that nothing has been counted yet', async () => {
    expect((await examine([])).get('traffic')).to.include({
      verdict: 'note',
      found: 'no requests or executions have been counted yet',
    });
  });

  it('names a metric that exceeded its limit of label sets', async () => {
    const findings = await examine([
      '# TYPE tinyllm_metrics_overflow_total counter',
      'tinyllm_metrics_overflow_total{metric="tinyllm_requests_total"} 12',
      'tinyllm_metrics_overflow_total{metric="tinyllm_errors_total"} 0',
    ]);
    expect(findings.get('series')).to.deep.include({
      verdict: 'note',
      found: 'metrics that exceeded the limit of label sets: tinyllm_requests_total',
    });
  });

  it('finds labels with default values', async () => {
    const labels = (await examine(requests('model="unknown",graph="default"', 1))).get('labels');
    expect(labels).to.include({ verdict: 'note', found: 'some series have model="unknown" and graph="default"' });
    expect(labels?.fix).to.include('model and graph');
  });

  it('reports responses with unreadable or missing token counts', async () => {
    const findings = await examine([
      '# TYPE tinyllm_instrumentation_errors_total counter',
      'tinyllm_instrumentation_errors_total{site="usage"} 3',
      '# TYPE tinyllm_requests_finished_total counter',
      'tinyllm_requests_finished_total{model="m",graph="g",finish_reason="stop"} 7',
      'tinyllm_requests_finished_total{model="m",graph="g",finish_reason="error"} 9',
      '# TYPE tinyllm_request_input_tokens histogram',
      'tinyllm_request_input_tokens_bucket{model="m",graph="g",le="+Inf"} 5',
      'tinyllm_request_input_tokens_sum{model="m",graph="g"} 40',
      'tinyllm_request_input_tokens_count{model="m",graph="g"} 5',
    ]);
    expect(findings.get('instrumentation')).to.include({ verdict: 'failed', found: 'errors at the site usage: 3' });
    expect(findings.get('instrumentation')?.fix).to.contain('pass a `usage` option');
    expect(findings.get('tokens')).to.include({
      ...{ verdict: 'note', found: '2 of 7 answered requests reported no token counts' },
    });
  });

  it('reports proxy upstreams that do not respond', async () => {
    const up = (value: number) => [
      '# TYPE tinyllm_proxy_upstream_up gauge',
      'tinyllm_proxy_upstream_up{upstream="a:1"} 1',
      `tinyllm_proxy_upstream_up{upstream="b:2"} ${value}`,
    ];
    const failures = [
      '# TYPE tinyllm_proxy_upstream_failures_total counter',
      'tinyllm_proxy_upstream_failures_total{upstream="b:2",reason="unreachable"} 3',
      'tinyllm_proxy_upstream_failures_total{upstream="b:2",reason="broken"} 0',
    ];
    expect((await examine([])).get('upstreams'), 'an endpoint that is not a proxy has no upstreams').to.equal(
      undefined,
    );
    const found = 'all upstreams of the proxy respond: 2';
    expect((await examine(up(1))).get('upstreams')).to.include({ verdict: 'ok', found });
    expect((await examine([...up(0), ...failures])).get('upstreams')).to.deep.equal({
      check: 'upstreams',
      verdict: 'failed',
      found: 'the upstream b:2 does not respond to the proxy (failed requests: unreachable: 3)',
      fix: 'start the model server, or correct --upstream of the proxy',
    });
    expect((await examine(up(0))).get('upstreams')?.found).to.match(/\(no request has failed yet\)$/);
  });

  it('reports the sites of instrumentation errors', async () => {
    const findings = await examine([
      '# TYPE tinyllm_instrumentation_errors_total counter',
      'tinyllm_instrumentation_errors_total{site="other"} 2',
    ]);
    expect(findings.get('instrumentation')).to.include({ verdict: 'failed', found: 'errors at the site other: 2' });
  });

  it('explains how to fix an instrumentation error of each site', async () => {
    const fixOf = async (site: string) => {
      const findings = await examine([
        '# TYPE tinyllm_instrumentation_errors_total counter',
        `tinyllm_instrumentation_errors_total{site="${site}"} 1`,
      ]);
      return findings.get('instrumentation')?.fix;
    };
    expect(await fixOf('label')).to.include('label function');
    expect(await fixOf('classify_error')).to.include('`classifyError`');
    expect(await fixOf('stream')).to.include('`stream`');
    expect(await fixOf('is_error')).to.include('`isError`');
    expect(await fixOf('result')).to.include('property of a result');
    expect(await fixOf('foreign')).to.include("application's metric");
    expect(await fixOf('proxy')).to.include('bug of TinyLLM');
  });

  it('explains why a URL is not a metrics endpoint of TinyLLM', async () => {
    const port = await freePort();
    const [absent] = await checkEndpoint(readTopUrl(`http://127.0.0.1:${port}`)!);
    expect(absent).to.include({ check: 'endpoint', verdict: 'failed' });
    expect(absent?.found).to.include(`http://127.0.0.1:${port}/metrics does not respond`);
    const other = await startFakeServer(() => ({ contentType: 'text/plain', pieces: ['up 1\n'] }));
    const [finding] = await checkEndpoint(readTopUrl(other.url)!).finally(() => other.close());
    expect(finding?.found).to.include('without metrics of TinyLLM');
  });
});
