import type { IncomingMessage } from 'node:http';
import { readCredentials } from './web-config/credentials.js';
import type { Passwords, Verdict } from './web-config/passwords.js';

/** Whether a request may be answered, by the user and password it brings. */
export async function authenticate(request: IncomingMessage, passwords: Passwords): Promise<Verdict> {
  if (!passwords.required) return 'granted';
  const credentials = readCredentials(request.headers.authorization);
  return credentials === undefined ? 'denied' : passwords.verify(credentials.user, credentials.password);
}
