import {
  type ClientRequest,
  type IncomingHttpHeaders,
  type RequestOptions,
  request as requestPlainly,
} from 'node:http';
import { request as requestOverTls } from 'node:https';
import { text } from 'node:stream/consumers';
import type { SecureContextOptions, TLSSocket } from 'node:tls';

/** A complete response. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The common name of the server's TLS certificate. */
  readonly certificate?: string;
}

/** Sends a request to a server and reads the whole response. By default, each request opens a new connection. */
export async function ask(
  url: string,
  { auth, ...options }: RequestOptions & SecureContextOptions & { readonly rejectUnauthorized?: boolean } = {},
): Promise<Answer> {
  const request = url.startsWith('https:') ? requestOverTls : requestPlainly;
  return new Promise((resolve, reject) => {
    let certificate: string | undefined;
    const outgoing: ClientRequest = request(
      url,
      { agent: false, ...options, ...(auth ? { auth } : {}) },
      (response) => {
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
      },
    );
    outgoing.once('error', reject).end();
  });
}
