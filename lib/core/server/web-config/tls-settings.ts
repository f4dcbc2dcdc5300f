import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { WatchedFiles } from '../../files/watched-files.js';
import type { Problem } from '../../yaml/problem.js';
import { toNodeCiphers } from './cipher-suites.js';
import { verifiesClients } from './client-auth.js';
import type { TlsSection } from './web-config-schema.js';
import type { TlsSettings } from './web-settings.js';

const versions = { TLS12: 'TLSv1.2', TLS13: 'TLSv1.3' } as const;

type FileKey = 'cert_file' | 'key_file' | 'client_ca_file';

/** A problem of the TLS section. Its message never contains a part of a key. */
class TlsProblem extends Error {
  constructor(
    readonly key: string,
    what: string,
  ) {
    super(`tls_server_config.${key} ${what}`);
  }
}

/** Reads the files of a TLS section, whose paths are relative to the web configuration `file`. */
export function readTls(section: TlsSection, file: string, files: WatchedFiles): TlsSettings | Problem {
  try {
    return { context: readContext(section, file, files), clientAuth: section.client_auth_type };
  } catch (error) {
    if (!(error instanceof TlsProblem)) throw error;
    return { path: ['tls_server_config', error.key], message: error.message };
  }
}

function readContext(section: TlsSection, file: string, files: WatchedFiles): SecureContextOptions {
  const { client_auth_type: type, client_ca_file: authorities, min_version: min, max_version: max } = section;
  if (min > max)
    throw new TlsProblem('min_version', `is ${min}, which is above max_version ${max}; expected ${max} or lower.`);
  if (authorities === undefined && verifiesClients(type)) {
    throw new TlsProblem(
      'client_auth_type',
      `is ${type}, but client_ca_file is missing; add client_ca_file to verify certificates.`,
    );
  }
  if (authorities !== undefined && type === 'NoClientCert') {
    throw new TlsProblem(
      'client_ca_file',
      'is set, but client_auth_type does not request certificates; set client_auth_type to RequireAndVerifyClientCert.',
    );
  }
  const read = (key: FileKey, path: string): Buffer => {
    try {
      return files.read(resolve(dirname(file), path));
    } catch (cause) {
      throw new TlsProblem(key, `(${path}) ${(cause as Error).message}.`);
    }
  };
  const certificate = read('cert_file', section.cert_file);
  const key = read('key_file', section.key_file);
  const parsed = parseCertificate('cert_file', section.cert_file, certificate);
  if (!parsed.checkPrivateKey(parseKey(section.key_file, key))) {
    throw new TlsProblem('key_file', `(${section.key_file}) is not the key of the certificate in cert_file.`);
  }
  const ca = authorities === undefined ? undefined : read('client_ca_file', authorities);
  if (ca !== undefined) parseCertificate('client_ca_file', authorities ?? '', ca);
  const context: SecureContextOptions = {
    cert: certificate,
    key,
    ...(ca === undefined ? {} : { ca }),
    minVersion: versions[min],
    maxVersion: versions[max],
    ...(section.cipher_suites.length === 0 ? {} : { ciphers: toNodeCiphers(section.cipher_suites) }),
    honorCipherOrder: section.prefer_server_cipher_suites,
  };
  try {
    createSecureContext(context);
  } catch (cause) {
    throw new TlsProblem('cert_file', `cannot be used: ${(cause as NodeJS.ErrnoException).code ?? 'unknown reason'}.`);
  }
  return context;
}

function parseCertificate(key: FileKey, path: string, pem: Buffer): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new TlsProblem(key, `(${path}) contains no certificate; expected one in PEM format.`);
  }
}

function parseKey(path: string, pem: Buffer): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new TlsProblem(
      'key_file',
      `(${path}) contains no private key; expected one in PEM format, without a passphrase.`,
    );
  }
}
