import type { Problem } from '../../yaml/problem.js';

type Reason = string | ((value: unknown) => string | undefined);

const noOldTls = (value: unknown): string | undefined =>
  value === 'TLS10' || value === 'TLS11'
    ? `${value} is not supported, because RFC 8996 deprecates it and Node disables it by default; expected TLS12 or TLS13.`
    : undefined;

/** Keys of exporter-toolkit that this server does not support, with the reason or an alternative. */
const unsupported: readonly [path: readonly string[], reason: Reason][] = [
  [['tls_server_config', 'cert'], 'write the certificate to a file and name it in cert_file.'],
  [['tls_server_config', 'key'], 'write the key to a file that only this user can read, and name it in key_file.'],
  [['tls_server_config', 'client_ca'], 'write the certificates to a file and name it in client_ca_file.'],
  [
    ['tls_server_config', 'client_allowed_sans'],
    'use a client_ca_file with an authority that signs only the allowed clients.',
  ],
  [['tls_server_config', 'curve_preferences'], "remove it; Node's default order of curves is used."],
  [['tls_server_config', 'min_version'], noOldTls],
  [['tls_server_config', 'max_version'], noOldTls],
  [
    ['http_server_config', 'http2'],
    (value) => (value === true ? 'true is not supported; write false, or remove the key.' : undefined),
  ],
  [['rate_limit'], 'remove it; the server always limits the number of concurrent requests.'],
];

/** Returns the first unsupported setting of a web configuration. */
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
