import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ListenError } from '../errors/errors.js';

const notFound = (host: string) => `The host ${host} cannot be found; use 127.0.0.1, or 0.0.0.0 for every address.`;

/** What to do about each error a server can get as it starts to listen. */
const ADVICE: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (host, port) =>
    `Port ${port} on ${host} is taken; end what listens there, or choose another port (0 picks a free one).`,
  EACCES: (host, port) => `Port ${port} on ${host} may not be used by this user; choose a port from 1024.`,
  EADDRNOTAVAIL: (host) => `${host} is not an address of this machine; use 127.0.0.1, or 0.0.0.0 for every address.`,
  ENOTFOUND: notFound,
  // What a machine without a network gets for a name it would have to ask about.
  EAI_AGAIN: notFound,
};

/**
 * Starts to listen and returns the port, picked by the system when 0 was asked for.
 *
 * @throws {ListenError} when the port is not a whole number from 0 to 65535, the host is empty, or the address cannot be had.
 */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new ListenError(
      host,
      port,
      `The port is ${typeof port === 'string' ? JSON.stringify(port) : String(port)}; expected a whole number from 0 to 65535.`,
    );
  }
  if (host === '') {
    throw new ListenError(host, port, 'The host is empty; use 127.0.0.1, or 0.0.0.0 for every address.');
  }
  try {
    server.listen({ host, port });
    await once(server, 'listening');
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    const advice = ADVICE[code]?.(host, port) ?? `Cannot listen on ${host}, port ${port}: ${message}.`;
    throw new ListenError(host, port, advice, { cause });
  }
  return (server.address() as AddressInfo).port;
}

/** The URL of a server that listens, without a path; an IPv6 address stands in brackets. */
export function listeningUrl(host: string, port: number, scheme: 'http' | 'https' = 'http'): string {
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
