import { type Agent, type ClientRequest, Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { readUpstreamUrl } from './upstream-url.js';

/** The head of a request to an upstream. */
export interface OutgoingHead {
  readonly method: string;
  readonly path: string;
  /** Names and values alternately. */
  readonly headers: string[];
}

/** Options for opening a request. */
export interface OpenOptions {
  /** Whether to use a new connection instead of an idle one; default false. */
  readonly newConnection?: boolean;
}

/** Maximum size of the response headers. */
const headerBytes = 64 * 1024;
/** Maximum number of idle connections. */
const maxIdleConnections = 1_024;

/** A model server with a pool of connections. */
export class Upstream {
  /** The origin, such as `http://127.0.0.1:11434`. */
  readonly url: string;
  /** The host and port, used in labels and messages. */
  readonly name: string;
  /** The value of `Host` in requests. */
  readonly authority: string;
  readonly hostname: string;
  readonly port: number;
  /** Whether to use TLS. */
  readonly isSecure: boolean;
  readonly #request: typeof httpRequest;
  readonly #pooled: Agent;
  readonly #unpooled: Agent;

  /** @throws {ProxySettingsError} if the URL is invalid. */
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
    this.#pooled = new Connections({ keepAlive: true, maxFreeSockets: maxIdleConnections, noDelay: true });
    this.#unpooled = new Connections({ keepAlive: false, noDelay: true });
  }

  /** Opens a request. Throws Node's error for an invalid head. */
  open({ method, path, headers }: OutgoingHead, { newConnection = false }: OpenOptions = {}): ClientRequest {
    const request = this.#request({
      hostname: this.hostname,
      port: this.port,
      method,
      path,
      headers,
      agent: newConnection ? this.#unpooled : this.#pooled,
      maxHeaderSize: headerBytes,
    });
    // `maxHeaderSize` limits the headers. With a limit on their number, Node would drop further headers.
    request.maxHeadersCount = 0;
    return request;
  }

  /** Closes all connections. */
  close(): void {
    this.#pooled.destroy();
    this.#unpooled.destroy();
  }
}
