import { StoreSettingsError } from '../errors/store-errors.js';

/** Where a Redis is. */
export interface RedisAddress {
  /** With its password. */
  readonly url: string;
  /** Without it, for people. */
  readonly shown: string;
}

/** What is expected of an address, for error messages. */
export const expectedRedisAddress =
  'redis://HOST:PORT, or rediss:// for TLS, with user, password and /DATABASE where needed';

/**
 * Reads the address of a Redis.
 *
 * Format: https://www.iana.org/assignments/uri-schemes/prov/redis
 *
 * @throws {StoreSettingsError} when it is none.
 */
export function redisAddress(text: string): RedisAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const known = url !== undefined && /^rediss?:$/.test(url.protocol) && url.hostname !== '' && decodes(url);
  if (!known || !/^\/?\d*$/.test(url.pathname)) {
    // A password may be anywhere in what cannot be read.
    const got = known ? `the database ${JSON.stringify(url.pathname.slice(1))}` : 'no such address';
    throw new StoreSettingsError(`The address of a Redis got ${got}; expected ${expectedRedisAddress}.`);
  }
  return { url: text, shown: `${url.protocol}//${url.host}${url.pathname === '/' ? '' : url.pathname}` };
}

/** Whether the percent signs in user and password are followed by what they have to be. */
function decodes({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}
