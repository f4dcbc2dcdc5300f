/** The suites of TLS 1.3, whose names are the same everywhere. */
const version13 = ['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'] as const;

/** Suites of TLS 1.2: the IANA names in the file, with the OpenSSL names for Node. */
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

/** The names that a web configuration can list. */
export const cipherSuiteNames: readonly string[] = [...version13, ...version12.keys()];

/**
 * Converts a list of suites to Node's option `ciphers`.
 *
 * If the list contains no suite of TLS 1.3, all suites of TLS 1.3 are added, as Go allows them too. Without them, Node
 * would disable TLS 1.3.
 */
export function toNodeCiphers(names: readonly string[]): string {
  const listed13 = names.filter((name) => (version13 as readonly string[]).includes(name));
  const listed12 = names.flatMap((name) => version12.get(name) ?? []);
  return [...(listed13.length > 0 ? listed13 : version13), ...listed12].join(':');
}
