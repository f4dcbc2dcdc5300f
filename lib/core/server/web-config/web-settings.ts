import type { SecureContextOptions } from 'node:tls';
import type { ClientAuthType } from './client-auth.js';

/** TLS settings. */
export interface TlsSettings {
  /** Certificate, key and protocol, ready for `tls.createSecureContext`. */
  readonly context: SecureContextOptions;
  readonly clientAuth: ClientAuthType;
}

/** The checked settings of a web configuration file, including the content of the files that it names. */
export interface WebSettings {
  /** `undefined` for plain HTTP. */
  readonly tls: TlsSettings | undefined;
  /** Headers of every response. */
  readonly headers: ReadonlyMap<string, string>;
  /** bcrypt hashes by user; empty if no password is required. */
  readonly users: ReadonlyMap<string, string>;
}
