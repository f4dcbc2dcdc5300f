import { shownUrl, withoutUrlSecrets } from '../errors/url-secrets.js';

/**
 * Quotes a text for a message: in double quotes, on one line, at most 60 characters, and without secrets in URLs.
 */
export function quote(text: string): string {
  const shown = withoutUrlSecrets(text);
  return JSON.stringify(shown.length > 60 ? `${shown.slice(0, 59)}…` : shown);
}

/**
 * Quotes, for a message, a text that should be an address: in double quotes, without the user, the password and the
 * query.
 *
 * Everything up to the last `@` counts as user and password, with or without a scheme.
 */
export function shownAddress(text: string): string {
  return JSON.stringify(shownUrl(text));
}

/**
 * Quotes, for a message, a value from a command line or an environment variable: in double quotes. If it may be an
 * address, without the user, the password and the query.
 */
export function quoteArgument(text: string): string {
  return /:\/\/|@|[?&][^\s?&]*=/.test(text) ? shownAddress(text) : JSON.stringify(text);
}
