import { shownAddress } from 'tinyllm/configuration';
import { ModelUnavailableError } from 'tinyllm/recording';
import { basicAuthorization, type ServerAddress } from '../http/server-address.js';

const defaultPort = '11434';
/** The wildcard addresses, which mean all interfaces, and the loopback addresses to connect to instead. */
const everyInterface: ReadonlyMap<string, string> = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['[::]', '[::1]'],
  ['', '127.0.0.1'],
]);

/**
 * Parses an address like Ollama parses `OLLAMA_HOST`.
 *
 * It is a host, `host:port`, `:port`, an IPv6 address, or a URL with an optional path, optionally in quotes. The
 * default host is 127.0.0.1. The default port is 11434, or the standard port if there is a scheme.
 *
 * @throws {ModelUnavailableError} if the address is invalid. The message does not contain a password.
 */
export function ollamaAddress(address = ''): ServerAddress {
  const text = address
    .trim()
    .replace(/^["']+|(?<!["'])["']+$/g, '')
    .trim();
  const [, scheme = '', rest = ''] = /^(?:([a-z]+):\/\/)?(.*)$/is.exec(text) ?? [];
  const [authority = '', ...path] = (isBareIPv6(rest) ? `[${rest}]` : rest).split('/');
  const at = authority.lastIndexOf('@');
  const [, host, port = ''] = /^(\[.*\]|[^:]*)(?::(\d*))?$/.exec(authority.slice(at + 1)) ?? [];
  const url = `${scheme || 'http'}://${everyInterface.get(host ?? '') ?? host}:${port || (scheme === '' ? defaultPort : '')}`;
  // A query or a fragment can contain a key. An `@` in the path means that a password contains an unencoded `/`. Such
  // addresses are rejected.
  const isPath = !/[?#@]/.test(path.join('/')) && !/[?#]/.test(authority.slice(at + 1));
  if (host === undefined || !isPath || !/^(https?)?$/i.test(scheme) || !URL.canParse(url)) throw notAnAddress(text);
  return {
    url: [new URL(url).origin, ...path].join('/').replace(/(?<!\/)\/+$/, ''),
    headers: at < 0 ? {} : { Authorization: basicAuthorization(authority.slice(0, at)) },
  };
}

function isBareIPv6(text: string): boolean {
  return /^[\da-f]*:[\da-f]*:[\da-f:.]*$/i.test(text);
}

function notAnAddress(text: string): ModelUnavailableError {
  return new ModelUnavailableError(
    `The address of Ollama is ${shownAddress(text)}; expected a host, host:port, or an http:// or https:// URL such as http://127.0.0.1:${defaultPort}.`,
    { provider: 'ollama' },
  );
}
