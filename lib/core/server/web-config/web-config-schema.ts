import type { Problem } from '../../yaml/problem.js';
import { cipherSuiteNames } from './cipher-suites.js';
import { type ClientAuthType, clientAuthTypes } from './client-auth.js';
import { anything, filePath, listOf, mapOf, oneOf, yesOrNo } from './rules.js';

const versions = ['TLS12', 'TLS13'] as const;

/** The section `tls_server_config`, with defaults for missing keys. */
export interface TlsSection {
  readonly cert_file: string;
  readonly key_file: string;
  /** Default `NoClientCert`. */
  readonly client_auth_type: ClientAuthType;
  readonly client_ca_file?: string;
  /** Default `TLS12`. */
  readonly min_version: (typeof versions)[number];
  /** Default `TLS13`. */
  readonly max_version: (typeof versions)[number];
  /** Default: the suites of Node. */
  readonly cipher_suites: readonly string[];
  /** Default true. */
  readonly prefer_server_cipher_suites: boolean;
}

/** A web configuration file. Headers and users are not checked yet. */
export interface WebConfigSections {
  readonly tls?: TlsSection;
  readonly headers: unknown;
  readonly users: unknown;
}

/** The format of Prometheus' exporter-toolkit. Source: docs/web-configuration.md of exporter-toolkit. */
const rule = mapOf({
  tls_server_config: mapOf(
    {
      cert_file: filePath,
      key_file: filePath,
      client_auth_type: oneOf(clientAuthTypes),
      client_ca_file: filePath,
      min_version: oneOf(versions),
      max_version: oneOf(versions),
      cipher_suites: listOf(oneOf(cipherSuiteNames)),
      prefer_server_cipher_suites: yesOrNo,
    },
    ['cert_file', 'key_file'],
  ),
  http_server_config: mapOf({ http2: oneOf([false]), headers: anything }),
  basic_auth_users: anything,
});

const tlsDefaults = {
  client_auth_type: 'NoClientCert',
  min_version: 'TLS12',
  max_version: 'TLS13',
  cipher_suites: [],
  prefer_server_cipher_suites: true,
} as const;

/** A document that was accepted by the rule. */
interface CheckedDocument {
  readonly tls_server_config?: Pick<TlsSection, 'cert_file' | 'key_file'> & Partial<TlsSection>;
  readonly http_server_config?: { readonly headers?: unknown };
  readonly basic_auth_users?: unknown;
}

/**
 * Returns the sections of a document, or a problem. An unknown key is reported first, because it can be a misspelling
 * of a key that is reported as missing.
 */
export function readSections(document: unknown): WebConfigSections | Problem {
  const problems = rule({ value: document, path: [] });
  const problem = problems.find(({ atKey }) => atKey) ?? problems[0];
  if (problem !== undefined) return problem;
  const { tls_server_config: tls, http_server_config: http, basic_auth_users: users } = document as CheckedDocument;
  const sections = { headers: http?.headers, users };
  return tls === undefined ? sections : { ...sections, tls: { ...tlsDefaults, ...tls } };
}
