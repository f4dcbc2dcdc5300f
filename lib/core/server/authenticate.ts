import type { IncomingMessage } from 'node:http';
import type { Passwords, Verdict } from './web-config/passwords.js';

/** Checks the user and password of a request. */
export async function authenticate(request: IncomingMessage, passwords: Passwords): Promise<Verdict> {
  if (!passwords.required) return 'granted';
  const credentials = readCredentials(request.headers.authorization);
  if (credentials === undefined) return 'denied';
  return passwords.verify(credentials.user, credentials.password, request.socket.remoteAddress);
}

/** A user and a password, as HTTP's basic authentication carries them (RFC 7617). */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** Reads an `Authorization` header; undefined if it is not valid basic authentication. */
export function readCredentials(authorization: string | undefined): Credentials | undefined {
  const encoded = /^basic +([\w+/-]+={0,2}) *$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return colon < 0 ? undefined : { user: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}
