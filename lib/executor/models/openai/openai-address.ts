import { shownAddress } from 'tinyllm/configuration';
import { ModelAccessError, ModelUnavailableError } from 'tinyllm/recording';
import { basicAuthorization, type ServerAddress } from '../http/server-address.js';

/** Where OpenAI itself is. */
const openaiUrl = 'https://api.openai.com/v1';

/** Where the API begins on every server that says nothing else. */
const usualPath = '/v1';

/**
 * Reads the base URL of a server that speaks OpenAI's protocol; empty means OpenAI itself, and a URL without a path gets
 * `/v1`.
 *
 * @throws {ModelUnavailableError} when it is no URL of HTTP.
 */
export function openaiAddress(given = ''): ServerAddress {
  const text = given.trim();
  const url = URL.canParse(text || openaiUrl) ? new URL(text || openaiUrl) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw notAnAddress(text);
  }
  const { username, password } = url;
  const path = url.pathname.replace(/(?<!\/)\/+$/, '') || usualPath;
  return {
    url: `${url.origin}${path}`,
    headers: username === '' && password === '' ? {} : { Authorization: basicAuthorization(`${username}:${password}`) },
  };
}

/**
 * Reads a key: white space around it, such as a file's line break, is left out, and an empty one is none.
 *
 * @throws {ModelAccessError} when it holds what no header can; the message does not show it.
 */
export function openaiKey(given = ''): string | undefined {
  const key = given.trim();
  if (/^[\x21-\x7e]*$/.test(key)) return key === '' ? undefined : key;
  throw new ModelAccessError('The API key holds characters that no key has, such as a space; copy it again.', {
    provider: 'openai',
  });
}

function notAnAddress(text: string): ModelUnavailableError {
  return new ModelUnavailableError(
    `The base URL is ${shownAddress(text)}; expected an http:// or https:// URL such as http://127.0.0.1:8080${usualPath}.`,
    { provider: 'openai' },
  );
}
