import { shownAddress } from 'tinyllm/configuration';
import { ProxySettingsError } from '../errors/proxy-errors.js';

/**
 * Reads the URL of an upstream: a scheme, a host and perhaps a port.
 *
 * @throws {ProxySettingsError} when it is not one of an HTTP server, or says more than that.
 */
export function readUpstreamUrl(text: string): URL {
  const expected = 'expected a server such as http://127.0.0.1:11434';
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') {
    throw new ProxySettingsError(`The upstream ${shownAddress(text)} is no URL of a server; ${expected}.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new ProxySettingsError(
      `The upstream ${url.host} has a user or password in its URL; remove it, since clients or an upstream key file bring the credentials.`,
    );
  }
  if (url.search !== '' || url.hash !== '') {
    throw new ProxySettingsError(
      `The upstream ${shownAddress(text)} has a query or fragment; give ${url.origin}, since clients send their own queries.`,
    );
  }
  if (url.pathname !== '/') {
    throw new ProxySettingsError(
      `The upstream ${shownAddress(text)} has a path; give ${url.origin}, since paths pass unchanged.`,
    );
  }
  return url;
}
