import { z } from 'zod';
import { closedMap } from '../../yaml/closed-map.js';
import { cipherSuiteNames } from './cipher-suites.js';
import { clientAuthTypes } from './client-auth.js';

const fileSchema = z.string().min(1, 'expected the path of a file.');
const versionSchema = z.enum(['TLS12', 'TLS13']);

/**
 * What a web configuration file may say of TLS; the formats of names and values are those of Prometheus'
 * exporter-toolkit, docs/web-configuration.md.
 */
const tlsSchema = closedMap({
  cert_file: fileSchema,
  key_file: fileSchema,
  client_auth_type: z.enum(clientAuthTypes).default('NoClientCert'),
  client_ca_file: fileSchema.exactOptional(),
  min_version: versionSchema.default('TLS12'),
  max_version: versionSchema.default('TLS13'),
  cipher_suites: z.array(z.enum(cipherSuiteNames)).default([]),
  prefer_server_cipher_suites: z.boolean().default(true),
});

/** A web configuration file as a whole; headers and users hold what no error may quote, and are checked apart. */
export const webConfigSchema = closedMap({
  tls_server_config: tlsSchema.exactOptional(),
  http_server_config: closedMap({
    http2: z.literal(false).exactOptional(),
    headers: z.unknown().optional(),
  }).exactOptional(),
  basic_auth_users: z.unknown().optional(),
});

/** The section `tls_server_config`. */
export type TlsSection = z.output<typeof tlsSchema>;
