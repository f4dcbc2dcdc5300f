import { once } from 'node:events';
import { isIP, connect as openTcp } from 'node:net';
import { connect as openTls } from 'node:tls';
import { UpstreamError } from '../errors/proxy-errors.js';
import type { Upstream } from './upstream.js';

/** Maximum duration of a probe. */
const probeTimeoutMilliseconds = 2_000;
const unavailable: ReadonlySet<number | undefined> = new Set([502, 503, 504]);

/** Opens a connection, with TLS if required, and closes it. Resolves with the error, or `undefined` on success. */
export async function connectTo({ name, hostname, port, isSecure }: Upstream): Promise<UpstreamError | undefined> {
  const socket = isSecure
    ? openTls({ host: hostname, port, ...(isIP(hostname) === 0 ? { servername: hostname } : {}) })
    : openTcp({ host: hostname, port });
  try {
    await once(socket, isSecure ? 'secureConnect' : 'connect', {
      signal: AbortSignal.timeout(probeTimeoutMilliseconds),
    });
    return undefined;
  } catch (cause) {
    return failureOf(name, 'unreachable', cause);
  } finally {
    socket.on('error', () => {}).destroy();
  }
}

/** Sends `GET /`. Resolves with the error, or `undefined` for any status except 502, 503 and 504. */
export async function requestRoot(upstream: Upstream): Promise<UpstreamError | undefined> {
  const { name, authority } = upstream;
  const head = { method: 'GET', path: '/', headers: ['Host', authority] };
  const request = upstream.open(head, { newConnection: true });
  try {
    const answered = once(request, 'response', { signal: AbortSignal.timeout(probeTimeoutMilliseconds) });
    request.end();
    const [{ statusCode }] = (await answered) as [{ readonly statusCode: number | undefined }];
    if (!unavailable.has(statusCode)) return undefined;
    return new UpstreamError(name, 'unavailable', `${name} responded with status ${statusCode}.`);
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
