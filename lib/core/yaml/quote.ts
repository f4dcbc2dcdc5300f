import { shownUrl, withoutUrlSecrets } from '../errors/url-secrets.js';

/**
 * A text as a message shows it: in double quotes, on one line, cut where it gets long, and without the secrets of a URL
 * in it.
 */
export function quote(text: string): string {
  const shown = withoutUrlSecrets(text);
  return JSON.stringify(shown.length > 60 ? `${shown.slice(0, 59)}…` : shown);
}

/**
 * A text that should have been an address, as a message shows it: in double quotes, and without what may be secret in
 * it, a user with a password and a query. With or without a scheme, all up to the last `@` is the user's.
 */
export function shownAddress(text: string): string {
  return JSON.stringify(shownUrl(text));
}
