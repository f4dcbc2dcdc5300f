import { shownAddress } from 'tinyllm/configuration';
import { ProxySettingsError } from '../errors/proxy-errors.js';

/**
 * Parses the URL of an upstream: a scheme, a host and an optional port.
 *
 * @throws {ProxySettingsError} if it is not an HTTP URL, or contains a path, query, fragment, user or password.
 */
export function readUpstreamUrl(text: string): URL {
  const expected = 'expected a server such as http://127.0.0.1:11434';
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') {
    throw new ProxySettingsError(`The upstream ${shownAddress(text)} is not a server URL; ${expected}.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new ProxySettingsError(
      `The upstream ${url.host} has a user or password in its URL; remove it. Clients can send their own key for the server, or the proxy can read it from an upstream key file.`,
    );
  }
  if (url.search !== '' || url.hash !== '') {
    throw new ProxySettingsError(
      `The upstream ${shownAddress(text)} has a query or fragment; use ${url.origin}, because clients send their own queries.`,
    );
  }
  if (url.pathname !== '/') {
    throw new ProxySettingsError(
      `The upstream ${shownAddress(text)} has a path; use ${url.origin}, because the proxy forwards paths unchanged.`,
    );
  }
  return url;
}
