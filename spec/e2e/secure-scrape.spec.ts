import { resolve } from 'node:path';
import { expect } from 'chai';
import { getMetricsCollector, startMetricsServer } from '../../lib/core/index.js';
import { needPrograms, prometheus } from '../support/e2e-programs.js';
import { eventually } from '../support/eventually.js';
import { type RunningPrometheus, startPrometheus } from '../support/prometheus.js';
import { freshGraph } from '../support/shared-scrape.js';
import { certificates, hashOfSecret, tlsLines, WebConfigFolder } from '../support/web-config-folder.js';

/** Serves the shared registry with a web configuration. */
async function serve(file: string): Promise<{ readonly host: string; close(): Promise<void> }> {
  const server = await startMetricsServer({ port: 0, webConfigFile: file });
  return { host: `127.0.0.1:${server.port}`, close: () => server.close() };
}

describe('a scrape over TLS', function () {
  this.timeout(60_000);

  const cleanups: (() => Promise<void>)[] = [];
  const graph = freshGraph();
  let server: RunningPrometheus;
  let withPasswords: WebConfigFolder;

  before(async function () {
    needPrograms(this, prometheus);
    getMetricsCollector().incrementRequestCount({ model: 'stub', graph, requestType: 'chat' });
    const folder = async (config: string): Promise<WebConfigFolder> => {
      const made = await WebConfigFolder.make(config);
      cleanups.push(() => made.remove());
      return made;
    };
    withPasswords = await folder(`${tlsLines}basic_auth_users:\n  prometheus: ${hashOfSecret}\n`);
    const withClients = await folder(
      `${tlsLines}  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: authority.pem\n`,
    );
    const passwords = await serve(withPasswords.file);
    cleanups.push(() => passwords.close());
    const clients = await serve(withClients.file);
    cleanups.push(() => clients.close());

    const pem = (name: string) => resolve(certificates, `${name}.pem`);
    const tls = (name?: string) => ({
      ca_file: pem('authority'),
      ...(name === undefined ? {} : { cert_file: pem(name), key_file: pem(`${name}-key`) }),
    });
    const login = (password: string) => ({ basic_auth: { username: 'prometheus', password } });
    const job = { scheme: 'https', tls_config: tls() } as const;
    const jobs = {
      password: { ...job, ...login('secret') },
      'wrong-password': { ...job, ...login('wrong') },
      'no-password': job,
      'no-tls': login('secret'),
      client: { ...job, tls_config: tls('client'), target: clients.host },
      stranger: { ...job, tls_config: tls('stranger'), target: clients.host },
      'no-client': { ...job, target: clients.host },
    };
    server = await startPrometheus(passwords.host, { jobs });
    cleanups.push(() => server.close());
    await eventually(async () => (await server.query('up')).length === 7);
    // The first scrape may time out, because the thread that compares passwords starts slowly from sources.
    await eventually(async () => (await server.query('up == 1')).length >= 2);
  });
  after(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup();
  });

  const jobs = async (expression: string) => (await server.query(expression)).map(({ metric }) => metric.job).sort();

  it('succeeds only with the password or the client certificate', async () => {
    expect(await jobs('up == 1')).to.deep.equal(['client', 'password']);
    expect(await jobs('up == 0')).to.deep.equal(['no-client', 'no-password', 'no-tls', 'stranger', 'wrong-password']);
  });

  it('contains the values', async () => {
    expect(await jobs(`tinyllm_requests_total{graph="${graph}"} == 1`)).to.deep.equal(['client', 'password']);
  });

  it('keeps working while the certificate is renewed', async () => {
    const start = Date.now();
    await withPasswords.copy('renewed-server.pem', 'server.pem');
    await withPasswords.copy('renewed-server-key.pem', 'server-key.pem');
    getMetricsCollector().incrementRequestCount({ model: 'stub', graph, requestType: 'chat' });
    await eventually(async () => (await jobs(`tinyllm_requests_total{graph="${graph}"} == 2`)).length === 2);
    const seconds = Math.max(1, Math.floor((Date.now() - start) / 1_000));
    expect(await jobs(`min_over_time(up{job="password"}[${seconds}s]) == 1`)).to.deep.equal(['password']);
  });
});
