/** TLS 1.3's suites, which go by one name everywhere. */
const version13 = ['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'] as const;

/** Suites up to TLS 1.2 by their IANA names, which the file uses, and by OpenSSL's, which Node does. */
const version12: ReadonlyMap<string, string> = new Map([
  ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
  ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
  ['TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', 'ECDHE-ECDSA-CHACHA20-POLY1305'],
  ['TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 'ECDHE-RSA-CHACHA20-POLY1305'],
  ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'ECDHE-ECDSA-AES128-GCM-SHA256'],
  ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
  ['TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA', 'ECDHE-ECDSA-AES256-SHA'],
  ['TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA', 'ECDHE-RSA-AES256-SHA'],
  ['TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA', 'ECDHE-ECDSA-AES128-SHA'],
  ['TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA', 'ECDHE-RSA-AES128-SHA'],
]);

/** The names a web configuration may list. */
export const cipherSuiteNames: readonly string[] = [...version13, ...version12.keys()];

/**
 * Listed suites as Node's `ciphers`.
 *
 * A list without TLS 1.3's suites leaves those as they are, as in Go; Node would turn TLS 1.3 off.
 */
export function toNodeCiphers(names: readonly string[]): string {
  const listed13 = names.filter((name) => (version13 as readonly string[]).includes(name));
  const listed12 = names.flatMap((name) => version12.get(name) ?? []);
  return [...(listed13.length > 0 ? listed13 : version13), ...listed12].join(':');
}
