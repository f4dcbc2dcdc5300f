import { unescape as percentDecoded } from 'node:querystring';

/** Where a server is. */
export interface ServerAddress {
  /** Without a slash at its end, and without a password. */
  readonly url: string;
  /** Carry the user and password, or the key, where there are any. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The header of a user and password as they stand in a URL, percent signs and all. */
export function basicAuthorization(credentials: string): string {
  return `Basic ${Buffer.from(percentDecoded(credentials)).toString('base64')}`;
}
