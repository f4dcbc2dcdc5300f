import { unescape as percentDecoded } from 'node:querystring';

/** The address of a server. */
export interface ServerAddress {
  /** The URL without a trailing slash and without a password. */
  readonly url: string;
  /** Headers with the credentials of the URL, if it has any. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Returns the `Authorization` header for the percent-encoded user and password of a URL. */
export function basicAuthorization(credentials: string): string {
  return `Basic ${Buffer.from(percentDecoded(credentials)).toString('base64')}`;
}
