import type { ServerOptions } from 'node:http';

/** What a server grants its clients, so that none of them can take it from the others. Times are in milliseconds. */
export interface HttpLimits {
  /** From a connection's start to the end of its TLS handshake; default 10 s. */
  readonly handshakeMilliseconds: number;
  /** From a request's start to the end of its headers; default 10 s. */
  readonly headersMilliseconds: number;
  /** From a request's start to its end, 0 for no limit; default 60 s. */
  readonly requestMilliseconds: number;
  /** Between two requests of a connection; default 75 s, longer than scrapes are commonly apart. */
  readonly keepAliveMilliseconds: number;
  /** Bytes of a request's headers; default 16 KiB. */
  readonly headerBytes: number;
  /** Connections at once; past it the one that is idle the longest is closed for a new one. Default 512. */
  readonly connections: number;
  /** Requests answered at once, probes (below `/-/`) apart; past it they get 503. Default 256. */
  readonly requests: number;
  /** For answers under way when the server is closed; default 5 s. */
  readonly closeMilliseconds: number;
}

/** The limits of a server that is given no others. */
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
    // Node rejects a limit below the one on headers; 0 means no limit.
    requestTimeout: requestMilliseconds === 0 ? 0 : Math.max(requestMilliseconds, headersTimeout),
    keepAliveTimeout: keepAliveMilliseconds,
    connectionsCheckingInterval: Math.max(10, Math.min(1_000, headersTimeout / 2)),
    maxHeaderSize: headerBytes,
  };
}
