import {
  expectedRedisAddress,
  redisAddress,
  SessionError,
  StoreSettingsError,
  sessionFile,
} from '@tinyllm/executor/settings';
import { text } from '../command/common-flags.js';
import { type Flags, inGroup } from '../command/flag.js';
import type { Given } from '../command/given.js';

/** What a run keeps, and where. */
export interface StoreSettings {
  /** The conversation that the question goes on; default none. */
  readonly session?: string | undefined;
  /** The Redis that conversations are kept in; default this machine's disk. */
  readonly store?: string | undefined;
  /** Where answers are kept to be given again: `memory`, a Redis or `off`; default where the graph says, if it does. */
  readonly cache?: string | undefined;
  readonly cacheTtlSeconds?: number | undefined;
}

/** The flag that says where conversations are. */
export const storeFlag = {
  store: { ...text, describe: 'Redis that sessions are kept in, redis://…', defaultDescription: 'the disk' },
} as const satisfies Flags;

const heading = 'Sessions and cache';

/** The flags of a cache of answers. */
export const cacheFlags = inGroup(heading, {
  cache: {
    ...text,
    accepts: ['memory', 'off', 'redis://'],
    describe: 'Give an answer again when the same is asked: memory, redis://… or off',
    defaultDescription: 'what the graph says, else off',
  },
  'cache-ttl': { ...text, describe: 'Seconds an answer is kept', defaultDescription: '3600' },
});

/** The flags of `tinyllm run` about what it keeps. */
export const storeFlags = {
  ...inGroup(heading, {
    session: { ...text, describe: 'Conversation to go on with: earlier questions and answers are told to the model' },
    ...storeFlag,
  }),
  ...cacheFlags,
};

/** Reads {@link storeFlags}. Throws a `UsageError`. */
export function readStoreFlags(given: Given): StoreSettings {
  const session = given.text('session', 'the name of a conversation');
  const store = readStore(given);
  const cache = readCache(given);
  const cacheTtlSeconds = given.seconds('cache-ttl');
  if (session !== undefined) checkSession(given, session);
  if (store !== undefined && session === undefined) {
    throw given.wrong('--store is for a conversation; expected --session as well.');
  }
  if (cacheTtlSeconds !== undefined && cache === undefined) {
    throw given.wrong('--cache-ttl is for a cache; expected --cache as well.');
  }
  if (cacheTtlSeconds === 0) throw given.wrong('--cache-ttl got 0; expected more, or --cache off.');
  return { session, store, cache, cacheTtlSeconds };
}

/** Reads {@link storeFlag}. Throws a `UsageError`. */
export function readStore(given: Given): string | undefined {
  const store = given.text('store', expectedRedisAddress);
  if (store !== undefined) checkAddress(given, 'store', store, expectedRedisAddress);
  return store;
}

/** Refuses what cannot be a session's name. Throws a `UsageError`. */
export function checkSession(given: Given, session: string): void {
  try {
    sessionFile(session);
  } catch (error) {
    throw error instanceof SessionError ? given.wrong(error.message) : error;
  }
}

function readCache(given: Given): string | undefined {
  const expected = `memory, off or ${expectedRedisAddress}`;
  const cache = given.text('cache', expected);
  if (cache !== undefined && cache !== 'memory' && cache !== 'off') checkAddress(given, 'cache', cache, expected);
  return cache;
}

/** Refuses what is no address of a Redis, without repeating it: there may be a password in it. Throws a `UsageError`. */
export function checkAddress(given: Given, flag: string, address: string, expected: string): void {
  try {
    redisAddress(address);
  } catch (error) {
    throw error instanceof StoreSettingsError
      ? given.wrong(`--${flag} got no such place; expected ${expected}.`)
      : error;
  }
}
