import { expect } from 'chai';
import { checkNativeHistograms } from '../../../../cli/commands/doctor/check-native-histograms.js';
import type { Finding } from '../../../../cli/commands/doctor/finding.js';
import { readScrape } from '../../../../cli/commands/top/reading.js';
import { readTopUrl } from '../../../../cli/commands/top/top-url.js';
import { json, startFakeServer } from '../../../support/fake-server.js';
import { freePort } from '../../../support/free-port.js';

describe('checkNativeHistograms', () => {
  const name = 'tinyllm_request_latency_seconds';
  const buckets = 'schema:3,zero_threshold:0,zero_count:0,positive_spans:[0:1],positive_buckets:[2]';
  const scrape = (value: string) =>
    readScrape(`# TYPE ${name} histogram\n${name} ${value}\n# EOF\n`, 0, 'application/openmetrics-text');
  const native = scrape(`{count:2,sum:2,${buckets},bucket:[1:2,+Inf:2]}`);
  const classic = scrape('{count:2,sum:2,bucket:[1:2,+Inf:2]}');
  const served = { check: 'native', verdict: 'ok', found: 'the endpoint serves native histograms: 1' };

  /** Checks against a fake Prometheus that responds with this object. */
  async function examine(answer: object): Promise<{ readonly findings: readonly Finding[]; readonly base: string }> {
    const requested: (string | null)[] = [];
    const server = await startFakeServer(({ url = '' }) => {
      const { pathname, searchParams } = new URL(url, 'http://localhost');
      requested.push(pathname, searchParams.get('query'));
      return json(answer);
    });
    const findings = await checkNativeHistograms(native, readTopUrl(server.url)).finally(() => server.close());
    expect(requested[0]).to.equal('/api/v1/query');
    expect(requested[1])
      .to.match(/^group by \(__name__\) \(\{__name__=~"[a-z_|]+"\}\)$/)
      .and.contain(name);
    return { findings, base: server.url };
  }

  it('returns nothing if the endpoint has only classic histograms', async () => {
    expect(await checkNativeHistograms(classic, undefined)).to.deep.equal([]);
  });

  it('counts the native histograms of the endpoint, and those in Prometheus', async () => {
    expect(await checkNativeHistograms(native, undefined)).to.deep.equal([served]);
    const { findings, base } = await examine({ data: { result: [{ metric: { __name__: name } }] } });
    const stored = `${base} stores native histograms of TinyLLM: 1`;
    expect(findings).to.deep.equal([served, { check: 'native', verdict: 'ok', found: stored }]);
  });

  it('suggests the option of the scrape job if Prometheus stores none', async () => {
    const { findings, base } = await examine({ data: { result: [] } });
    expect(findings).to.deep.equal([
      served,
      {
        check: 'native',
        verdict: 'note',
        found: `${base} stores no native histograms of TinyLLM`,
        fix: 'set scrape_native_histograms: true in the scrape job, and wait for the next scrape',
      },
    ]);
  });

  it('reports only the endpoint if Prometheus does not answer the query', async () => {
    expect((await examine({ data: {} })).findings).to.deep.equal([served]);
    const closed = readTopUrl(`http://127.0.0.1:${await freePort()}`);
    expect(await checkNativeHistograms(native, closed)).to.deep.equal([served]);
  });
});
