import { isIP } from 'node:net';
import { hostname } from 'node:os';

/** Names that no public DNS server answers for. Sources: RFC 6761 §6.3, RFC 6762 §3, ICANN on `.internal`. */
const ownNames = /(?:^|\.)localhost$|\.(?:local|internal)$/;

/** Whether an address is one of this machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/**
 * Tells whether a request's `Host` can be meant for a server that listens for this machine alone.
 *
 * A web page whose name its owner lets point to 127.0.0.1 could otherwise use the models of who looks at it.
 */
export function isExpectedHost(host: string | undefined): boolean {
  if (host === undefined) return true;
  const name = host
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase();
  return isIP(name) !== 0 || ownNames.test(name) || name === hostname().toLowerCase();
}
