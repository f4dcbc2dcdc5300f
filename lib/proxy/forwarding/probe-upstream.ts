import { once } from 'node:events';
import { isIP, connect as openTcp } from 'node:net';
import { connect as openTls } from 'node:tls';
import { UpstreamError } from '../errors/proxy-errors.js';
import type { Upstream } from './upstream.js';

/** How long a probe may take, in milliseconds. */
const probeWithin = 2_000;
const unavailable: ReadonlySet<number | undefined> = new Set([502, 503, 504]);

/** Opens a connection and closes it, with the handshake of TLS. Resolves with the failure, or undefined if it was accepted. */
export async function connectTo({ name, hostname, port, isSecure }: Upstream): Promise<UpstreamError | undefined> {
  const socket = isSecure
    ? openTls({ host: hostname, port, ...(isIP(hostname) === 0 ? { servername: hostname } : {}) })
    : openTcp({ host: hostname, port });
  try {
    await once(socket, isSecure ? 'secureConnect' : 'connect', { signal: AbortSignal.timeout(probeWithin) });
    return undefined;
  } catch (cause) {
    return failureOf(name, 'unreachable', cause);
  } finally {
    socket.on('error', () => {}).destroy();
  }
}

/** Sends `GET /`. Resolves with the failure, or undefined for any answer except 502, 503 and 504. */
export async function askUpstream(upstream: Upstream): Promise<UpstreamError | undefined> {
  const { name, authority } = upstream;
  const head = { method: 'GET', path: '/', headers: ['Host', authority] };
  const request = upstream.open(head, { afresh: true });
  try {
    const answered = once(request, 'response', { signal: AbortSignal.timeout(probeWithin) });
    request.end();
    const [{ statusCode }] = (await answered) as [{ readonly statusCode: number | undefined }];
    return unavailable.has(statusCode) ? failureOf(name, 'unavailable', statusCode) : undefined;
  } catch (cause) {
    return failureOf(name, request.socket?.connecting === false ? 'broken' : 'unreachable', cause);
  } finally {
    request.on('error', () => {}).destroy();
  }
}

function failureOf(name: string, failure: UpstreamError['failure'], cause: unknown): UpstreamError {
  const { code, name: kind, message } = Object(cause) as { code?: unknown; name?: unknown; message?: unknown };
  const reason = kind === 'AbortError' ? 'timeout' : typeof code === 'string' ? code : (message ?? String(cause));
  return new UpstreamError(name, failure, `${name} does not respond (${reason}).`, { cause });
}
