import { type Agent, type ClientRequest, Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { readUpstreamUrl } from './upstream-url.js';

/** A request as it goes to an upstream, before its body. */
export interface OutgoingHead {
  readonly method: string;
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: string[];
}

/** How a request goes out. */
export interface OpenOptions {
  /** Whether over a connection of its own rather than one that was kept; default false. */
  readonly afresh?: boolean;
}

/** Bytes of an answer's headers. */
const headerBytes = 64 * 1024;
/** Connections that are kept for the next request. */
const keptConnections = 1_024;

/** A server that requests go to; its connections are kept and used again. */
export class Upstream {
  /** Its origin, such as `http://127.0.0.1:11434`. */
  readonly url: string;
  /** Its host and port, which labels and messages name it by. */
  readonly name: string;
  /** What requests to it say in `Host`. */
  readonly authority: string;
  readonly hostname: string;
  readonly port: number;
  /** Whether it speaks TLS. */
  readonly isSecure: boolean;
  readonly #request: typeof httpRequest;
  readonly #kept: Agent;
  readonly #afresh: Agent;

  /** @throws {ProxySettingsError} when the URL is not one of an HTTP server, or names more than that. */
  constructor(url: string) {
    const { protocol, hostname, port, host, origin } = readUpstreamUrl(url);
    const isSecure = protocol === 'https:';
    this.isSecure = isSecure;
    const Connections = isSecure ? HttpsAgent : HttpAgent;
    this.url = origin;
    this.authority = host;
    this.hostname = hostname.replace(/^\[|\]$/g, '');
    this.port = port === '' ? (isSecure ? 443 : 80) : Number(port);
    this.name = `${hostname}:${this.port}`;
    this.#request = isSecure ? httpsRequest : httpRequest;
    this.#kept = new Connections({ keepAlive: true, maxFreeSockets: keptConnections, noDelay: true });
    this.#afresh = new Connections({ keepAlive: false, noDelay: true });
  }

  /** Opens a request. Throws what Node does for a head that cannot be sent. */
  open({ method, path, headers }: OutgoingHead, { afresh = false }: OpenOptions = {}): ClientRequest {
    const request = this.#request({
      hostname: this.hostname,
      port: this.port,
      method,
      path,
      headers,
      agent: afresh ? this.#afresh : this.#kept,
      maxHeaderSize: headerBytes,
    });
    // Their bytes are limited; Node would leave out what comes after so many.
    request.maxHeadersCount = 0;
    return request;
  }

  /** Lets go of the connections that are kept. */
  close(): void {
    this.#kept.destroy();
    this.#afresh.destroy();
  }
}
