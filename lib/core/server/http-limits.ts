import type { ServerOptions } from 'node:http';

/**
 * Limits for the clients of an HTTP server.
 *
 * They prevent one client from blocking the others. Times are in milliseconds.
 */
export interface HttpLimits {
  /** Time from the start of a connection to the end of its TLS handshake; default 10 s. */
  readonly handshakeMilliseconds: number;
  /** Time from the start of a request to the end of its headers; default 10 s. */
  readonly headersMilliseconds: number;
  /** Time from the start of a request to its end; default 60 s. 0 means no limit. */
  readonly requestMilliseconds: number;
  /** Time between two requests of a connection; default 75 s, which is longer than common scrape intervals. */
  readonly keepAliveMilliseconds: number;
  /** Bytes in the headers of a request; default 16 KiB. */
  readonly headerBytes: number;
  /** Open connections; default 512. At the limit, a new connection replaces the one that was idle longest. */
  readonly connections: number;
  /** Concurrent requests; default 256. Further requests get status 503. Probes (`/-/…`) are not limited. */
  readonly requests: number;
  /** Time for responses in progress when the server is closed; default 5 s. */
  readonly closeMilliseconds: number;
}

/** The default limits. */
export const defaultHttpLimits: HttpLimits = {
  handshakeMilliseconds: 10_000,
  headersMilliseconds: 10_000,
  requestMilliseconds: 60_000,
  keepAliveMilliseconds: 75_000,
  headerBytes: 16 * 1024,
  connections: 512,
  requests: 256,
  closeMilliseconds: 5_000,
};

/** The limits as options of Node's `createServer`. */
export function nodeServerOptions(limits: HttpLimits): ServerOptions {
  const { headersMilliseconds: headersTimeout, requestMilliseconds, keepAliveMilliseconds, headerBytes } = limits;
  return {
    headersTimeout,
    // Node rejects a limit below `headersTimeout`, except 0, which means no limit.
    requestTimeout: requestMilliseconds === 0 ? 0 : Math.max(requestMilliseconds, headersTimeout),
    keepAliveTimeout: keepAliveMilliseconds,
    connectionsCheckingInterval: Math.max(10, Math.min(1_000, headersTimeout / 2)),
    maxHeaderSize: headerBytes,
  };
}
