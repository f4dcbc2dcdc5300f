import { type Agent, type ClientRequest, Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { ProxySettingsError } from '../errors.js';

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
  readonly #hostname: string;
  readonly #port: number;
  readonly #request: typeof httpRequest;
  readonly #kept: Agent;
  readonly #afresh: Agent;

  /** @throws {ProxySettingsError} when the URL is not one of an HTTP server, or names more than that. */
  constructor(url: string) {
    const { protocol, hostname, port, host, origin } = readOrigin(url);
    const isSecure = protocol === 'https:';
    const Connections = isSecure ? HttpsAgent : HttpAgent;
    this.url = origin;
    this.authority = host;
    this.#hostname = hostname.replace(/^\[|\]$/g, '');
    this.#port = port === '' ? (isSecure ? 443 : 80) : Number(port);
    this.name = `${hostname}:${this.#port}`;
    this.#request = isSecure ? httpsRequest : httpRequest;
    this.#kept = new Connections({ keepAlive: true, maxFreeSockets: keptConnections, noDelay: true });
    this.#afresh = new Connections({ keepAlive: false, noDelay: true });
  }

  get hostname(): string {
    return this.#hostname;
  }

  get port(): number {
    return this.#port;
  }

  /** Opens a request. Throws what Node does for a head that cannot be sent. */
  open({ method, path, headers }: OutgoingHead, { afresh = false }: OpenOptions = {}): ClientRequest {
    return this.#request({
      hostname: this.#hostname,
      port: this.#port,
      method,
      path,
      headers,
      agent: afresh ? this.#afresh : this.#kept,
      maxHeaderSize: headerBytes,
    });
  }

  /** Lets go of the connections that are kept. */
  close(): void {
    this.#kept.destroy();
    this.#afresh.destroy();
  }
}

function readOrigin(text: string): URL {
  const expected = 'expected a server such as http://127.0.0.1:11434';
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') {
    throw new ProxySettingsError(`The upstream ${JSON.stringify(shown(text))} is no URL of a server; ${expected}.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new ProxySettingsError(
      `The upstream ${url.host} has a user or password in its URL; clients bring their own.`,
    );
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new ProxySettingsError(
      `The upstream ${JSON.stringify(shown(text))} has a path; give ${url.origin}, since paths pass unchanged.`,
    );
  }
  return url;
}

/** Without what may be a password. */
function shown(text: string): string {
  return text.replace(/\/\/[^/]*@/, '//');
}
