import { expect } from 'chai';
import { checkPrometheus } from '../../../../cli/commands/doctor/check-prometheus.js';
import type { Finding } from '../../../../cli/commands/doctor/finding.js';
import { readTopUrl } from '../../../../cli/commands/top/top-url.js';
import { json, startFakeServer } from '../../../support/fake-server.js';
import { freePort } from '../../../support/free-port.js';

const target = {
  scrapeUrl: 'http://localhost:9090/metrics',
  labels: { job: 'tinyllm', instance: 'localhost:9090' },
  health: 'up',
  lastError: '',
  scrapeInterval: '15s',
};

/** Runs the check against a fake Prometheus API with these targets. */
async function examine(targets: readonly object[], endpoint?: string): Promise<readonly Finding[]> {
  const server = await startFakeServer(({ url }) =>
    url === '/api/v1/targets?state=active' ? json({ data: { activeTargets: targets } }) : undefined,
  );
  const place = endpoint === undefined ? undefined : readTopUrl(endpoint);
  const check = { prometheus: readTopUrl(server.url)!, endpoint: place };
  return checkPrometheus(check).finally(() => server.close());
}

describe('checkPrometheus', () => {
  it('finds the endpoint among the targets, and shows its scrape interval', async () => {
    const stranger = { ...target, scrapeUrl: 'http://localhost:9100/metrics', health: 'down' };
    expect(await examine([stranger, target], 'http://127.0.0.1:9090')).to.deep.equal([
      { check: 'prometheus', verdict: 'ok', found: 'scrapes http://localhost:9090/metrics every 15s' },
    ]);
  });

  it('checks the job tinyllm without an endpoint', async () => {
    const findings = await examine([target, { ...target, labels: { job: 'node' } }]);
    expect(findings).to.have.length(1);
  });

  it('shows why a target cannot be scraped', async () => {
    const lastError = 'dial tcp 10.0.0.1:9090: connect: connection refused';
    const [finding] = await examine([{ ...target, health: 'down', lastError }]);
    expect(finding).to.include({ verdict: 'failed' });
    expect(finding?.found).to.equal(`cannot scrape http://localhost:9090/metrics: ${lastError}`);
    expect(finding?.fix).to.include('--metrics-host');
  });

  it('suggests a fix if the target is missing', async () => {
    const [finding] = await examine([target], 'http://127.0.0.1:9999');
    expect(finding?.found).to.match(/has 1 targets, but none is http:\/\/127\.0\.0\.1:9999\/metrics$/);
    expect(finding?.fix).to.include('--target 127.0.0.1:9999');
  });

  it('notes targets that are not scraped yet, or are scraped too often', async () => {
    const findings = await examine([
      { ...target, health: 'unknown' },
      { ...target, scrapeInterval: '1s' },
    ]);
    expect(findings.map(({ verdict }) => verdict)).to.deep.equal(['note', 'note']);
    expect(findings[1]?.fix).to.include('15s or 30s');
  });

  it('reads at most 64 MiB', async () => {
    const endless = await startFakeServer(() => ({
      pieces: ['{"data":[', `${'1,'.repeat(2 ** 17)}`],
      ending: 'repeat',
    }));
    const check = { prometheus: readTopUrl(endless.url)!, endpoint: undefined };
    const [finding] = await checkPrometheus(check);
    expect(finding?.found).to.match(
      /^cannot read the targets of \S+: (?:it responds with more than 64 MiB|.*timeout)$/,
    );
    expect(endless.sent()).to.be.below(80 * 2 ** 20);
    await endless.close();
  });

  it('explains why a URL is not a working Prometheus', async () => {
    const other = await startFakeServer(() => json({}));
    const check = { prometheus: readTopUrl(other.url)!, endpoint: undefined };
    const [finding] = await checkPrometheus(check).finally(() => other.close());
    expect(finding?.found).to.include('not from Prometheus');
    const absent = readTopUrl(`http://127.0.0.1:${await freePort()}`)!;
    expect((await checkPrometheus({ prometheus: absent, endpoint: undefined }))[0]?.verdict).to.equal('failed');
  });
});
