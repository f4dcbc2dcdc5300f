import { isIP } from 'node:net';
import { hostname } from 'node:os';

/** Names that public DNS servers never resolve. Sources: RFC 6761 §6.3, RFC 6762 §3, ICANN on `.internal`. */
const privateNames = /(?:^|\.)localhost$|\.(?:local|internal)$/;

/** Whether an address is a loopback address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/**
 * Whether the `Host` header of a request can be correct for a server on a loopback address.
 *
 * This check prevents DNS rebinding: a web page whose domain resolves to 127.0.0.1 could use the server of its visitor.
 */
export function isExpectedHost(host: string | undefined): boolean {
  if (host === undefined) return true;
  const name = host
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase();
  return isIP(name) !== 0 || privateNames.test(name) || name === hostname().toLowerCase();
}
