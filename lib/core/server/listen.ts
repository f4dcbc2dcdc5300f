import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ListenError } from '../errors/errors.js';

const notFound = (host: string) => `The host ${host} cannot be resolved; use 127.0.0.1, or 0.0.0.0 for all addresses.`;

/** Error messages by the code with which listening failed. */
const MESSAGES: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (host, port) =>
    `Port ${port} on ${host} is already in use; stop the program that uses it, or choose another port (0 picks a free one).`,
  EACCES: (host, port) =>
    `This user is not allowed to listen on port ${port} on ${host}; choose a port of 1024 or above.`,
  EADDRNOTAVAIL: (host) => `${host} is not an address of this machine; use 127.0.0.1, or 0.0.0.0 for all addresses.`,
  ENOTFOUND: notFound,
  // The error code for a host name that cannot be looked up because the machine has no network.
  EAI_AGAIN: notFound,
};

/**
 * Starts to listen and returns the port. For port 0, the system picks a free port.
 *
 * @throws {ListenError} if the port is not an integer from 0 to 65535, the host is empty, or listening fails.
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
    throw new ListenError(host, port, 'The host is empty; use 127.0.0.1, or 0.0.0.0 for all addresses.');
  }
  try {
    server.listen({ host, port });
    await once(server, 'listening');
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    const explanation = MESSAGES[code]?.(host, port) ?? `Cannot listen on ${host}, port ${port}: ${message}.`;
    throw new ListenError(host, port, explanation, { cause });
  }
  return (server.address() as AddressInfo).port;
}

/** The URL of a listening server, without a path. An IPv6 address is enclosed in brackets. */
export function listeningUrl(host: string, port: number, scheme: 'http' | 'https' = 'http'): string {
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
