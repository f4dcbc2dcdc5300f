import { StoreSettingsError } from '../errors/store-errors.js';

/** The address of a Redis server. */
export interface RedisAddress {
  /** The URL with its password. */
  readonly url: string;
  /** The URL without user and password, for messages. */
  readonly shown: string;
}

/** Describes a valid address, for error messages. */
export const expectedRedisAddress =
  'redis://HOST:PORT, or rediss:// for TLS, with user, password and /DATABASE where needed';

/**
 * Parses the address of a Redis server.
 *
 * Format: https://www.iana.org/assignments/uri-schemes/prov/redis
 *
 * @throws {StoreSettingsError} if the address is invalid. The message does not contain the password.
 */
export function redisAddress(text: string): RedisAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isParsed = url !== undefined && /^rediss?:$/.test(url.protocol) && url.hostname !== '' && decodes(url);
  if (!isParsed || !/^\/?\d*$/.test(url.pathname)) {
    // The message does not show an address that cannot be parsed, because it may contain a password.
    const problem = isParsed
      ? `the database is ${JSON.stringify(url.pathname.slice(1))}; expected a number`
      : `expected ${expectedRedisAddress}`;
    throw new StoreSettingsError(`The address of the Redis server is invalid; ${problem}.`);
  }
  return { url: text, shown: `${url.protocol}//${url.host}${url.pathname === '/' ? '' : url.pathname}` };
}

/** Whether user and password are correctly percent-encoded. */
function decodes({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}
