import {
  type ClientRequest,
  type IncomingHttpHeaders,
  type RequestOptions,
  request as requestPlainly,
} from 'node:http';
import { request as requestOverTls } from 'node:https';
import { text } from 'node:stream/consumers';
import type { SecureContextOptions, TLSSocket } from 'node:tls';

/** What a server answered. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The common name of the certificate it showed. */
  readonly certificate?: string;
}

/** Asks a server on this machine for a path, by default on a connection of its own. */
export async function ask(
  url: string,
  { auth, ...options }: RequestOptions & SecureContextOptions & { readonly rejectUnauthorized?: boolean } = {},
): Promise<Answer> {
  const request = url.startsWith('https:') ? requestOverTls : requestPlainly;
  return new Promise((resolve, reject) => {
    let certificate: string | undefined;
    const asking: ClientRequest = request(url, { agent: false, ...options, ...(auth ? { auth } : {}) }, (response) => {
      const socket = response.socket as TLSSocket;
      certificate =
        typeof socket.getPeerCertificate === 'function' ? String(socket.getPeerCertificate().subject?.CN) : undefined;
      text(response).then(
        (body) =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body,
            ...(certificate === undefined ? {} : { certificate }),
          }),
        reject,
      );
    });
    asking.once('error', reject).end();
  });
}
