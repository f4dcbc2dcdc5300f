import type { SecureContextOptions } from 'node:tls';
import type { ClientAuthType } from './client-auth.js';

/** How to speak TLS. */
export interface TlsSettings {
  /** Certificate, key and protocol, ready for `tls.createSecureContext`. */
  readonly context: SecureContextOptions;
  readonly clientAuth: ClientAuthType;
}

/** What a web configuration file asks for, checked and with the files it names read. */
export interface WebSettings {
  /** Undefined serves plain HTTP. */
  readonly tls: TlsSettings | undefined;
  /** Headers of every response. */
  readonly headers: ReadonlyMap<string, string>;
  /** Users' bcrypt hashes; empty asks nobody for a password. */
  readonly users: ReadonlyMap<string, string>;
}
