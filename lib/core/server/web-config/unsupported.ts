import type { Problem } from '../../yaml/problem.js';

type Reason = string | ((value: unknown) => string | undefined);

const noOldTls = (value: unknown): string | undefined =>
  value === 'TLS10' || value === 'TLS11'
    ? `${value} is not supported: Node refuses it by default, as RFC 8996 asks; expected TLS12 or TLS13.`
    : undefined;

/** What exporter-toolkit's format knows and this server does not do, and why or what to do instead. */
const unsupported: readonly [path: readonly string[], reason: Reason][] = [
  [['tls_server_config', 'cert'], 'write the certificate to a file and name it in cert_file.'],
  [['tls_server_config', 'key'], 'write the key to a file that only this user may read, and name it in key_file.'],
  [['tls_server_config', 'client_ca'], 'write the certificates to a file and name it in client_ca_file.'],
  [
    ['tls_server_config', 'client_allowed_sans'],
    'let client_ca_file hold an authority that signs none but the allowed clients.',
  ],
  [['tls_server_config', 'curve_preferences'], "leave it out; Node's own order of curves is used."],
  [['tls_server_config', 'min_version'], noOldTls],
  [['tls_server_config', 'max_version'], noOldTls],
  [
    ['http_server_config', 'http2'],
    (value) => (value === true ? 'true is not supported; write false, or leave it out.' : undefined),
  ],
  [['rate_limit'], 'leave it out; the number of scrapes at once is bounded anyway.'],
];

/** The first thing a web configuration asks for that this server does not do. */
export function unsupportedIn(document: unknown): Problem | undefined {
  for (const [path, reason] of unsupported) {
    const value = path.reduce<unknown>(
      (map, key) =>
        typeof map === 'object' && map !== null ? (map as Readonly<Record<string, unknown>>)[key] : undefined,
      document,
    );
    if (value === undefined) continue;
    const name = path.join('.');
    if (typeof reason === 'string') return { path, atKey: true, message: `${name} is not supported; ${reason}` };
    const message = reason(value);
    if (message !== undefined) return { path, message: `${name}: ${message}` };
  }
  return undefined;
}
