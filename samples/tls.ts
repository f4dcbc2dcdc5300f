// Serves metrics with TLS and a password, with a web configuration in Prometheus' format. OpenSSL creates the
// certificate.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash } from 'bcryptjs';
import { startMetricsServer } from 'tinyllm';

const folder = mkdtempSync(join(tmpdir(), 'tinyllm-tls-'));
const certificate = join(folder, 'server.pem');
const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
const files = ['-keyout', join(folder, 'server-key.pem'), '-out', certificate];
const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30'];
execFileSync('openssl', ['req', ...kind, ...names, ...files], { stdio: 'ignore' });

const webConfigFile = join(folder, 'web.config.yml');
writeFileSync(
  webConfigFile,
  `tls_server_config:
  cert_file: server.pem
  key_file: server-key.pem
basic_auth_users:
  prometheus: ${await hash('the password', 10)}
`,
);
const server = await startMetricsServer({ port: 0, webConfigFile });

for (const password of ['the password', 'another']) {
  const options = { ca: readFileSync(certificate), auth: `prometheus:${password}`, agent: false };
  const status = await new Promise((resolve, reject) => {
    get(`${server.url}/metrics`, options, (response) => resolve(response.resume().statusCode)).on('error', reject);
  });
  console.log(password, status);
}
await server.close();
rmSync(folder, { recursive: true });
