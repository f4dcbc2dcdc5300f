import { shownAddress } from 'tinyllm/configuration';
import { ModelAccessError, ModelUnavailableError } from 'tinyllm/recording';
import { basicAuthorization, type ServerAddress } from '../http/server-address.js';

/** The base URL of OpenAI. */
const openaiUrl = 'https://api.openai.com/v1';

/** The path of the API if the base URL has none. */
const defaultPath = '/v1';

/**
 * Parses the base URL of an OpenAI-compatible server. An empty URL means OpenAI itself. A URL without a path gets
 * `/v1`.
 *
 * @throws {ModelUnavailableError} if it is not an HTTP URL, or has a query or a fragment.
 */
export function openaiAddress(baseUrl = ''): ServerAddress {
  const text = baseUrl.trim();
  const url = URL.canParse(text || openaiUrl) ? new URL(text || openaiUrl) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw notAnAddress(text);
  }
  const { username, password } = url;
  const path = url.pathname.replace(/(?<!\/)\/+$/, '') || defaultPath;
  return {
    url: `${url.origin}${path}`,
    headers: username === '' && password === '' ? {} : { Authorization: basicAuthorization(`${username}:${password}`) },
  };
}

/**
 * Parses an API key. White space around it, such as the line break of a file, is removed. An empty key means no key.
 *
 * @throws {ModelAccessError} if the key contains characters that a header cannot contain. The message does not show the
 * key.
 */
export function openaiKey(apiKey = ''): string | undefined {
  const key = apiKey.trim();
  if (/^[\x21-\x7e]*$/.test(key)) return key === '' ? undefined : key;
  throw new ModelAccessError('The API key contains invalid characters, such as a space; copy it again.', {
    provider: 'openai',
  });
}

function notAnAddress(text: string): ModelUnavailableError {
  return new ModelUnavailableError(
    `The base URL is ${shownAddress(text)}; expected an http:// or https:// URL such as http://127.0.0.1:8080${defaultPath}.`,
    { provider: 'openai' },
  );
}
