import {
  expectedRedisAddress,
  redisAddress,
  SessionError,
  StoreSettingsError,
  sessionFile,
} from '@tinyllm/executor/settings';
import type { CommandArguments } from '../command/command-arguments.js';
import { text } from '../command/common-flags.js';
import { type Flags, inGroup } from '../command/flag.js';

/** Where a run stores its conversation and its cached answers. */
export interface StoreSettings {
  /** The conversation that the question continues. Default: none. */
  readonly session?: string | undefined;
  /** The Redis that stores conversations. Default: the disk of this machine. */
  readonly store?: string | undefined;
  /** The cache of answers: `memory`, the URL of a Redis, or `off`. Default: the setting of the graph, if any. */
  readonly cache?: string | undefined;
  readonly cacheTtlSeconds?: number | undefined;
}

/** The flag with the store of conversations. */
export const storeFlag = {
  store: { ...text, describe: 'Redis that stores the sessions: redis://…', defaultDescription: 'the local disk' },
} as const satisfies Flags;

const heading = 'Sessions and cache';

/** The flags of a cache of answers. */
export const cacheFlags = inGroup(heading, {
  cache: {
    ...text,
    accepts: ['memory', 'off', 'redis://'],
    describe: 'Reuse answers to identical requests: memory, redis://… or off',
    defaultDescription: 'the setting of the graph, else off',
  },
  'cache-ttl': {
    ...text,
    describe: 'Seconds to keep an answer',
    defaultDescription: 'the setting of the graph, else 3600',
  },
});

/** The flags of `tinyllm run` about sessions and the cache. */
export const storeFlags = {
  ...inGroup(heading, {
    session: {
      ...text,
      describe: 'Conversation to continue: the model gets its earlier questions and answers; not with --file',
    },
    ...storeFlag,
  }),
  ...cacheFlags,
};

/** Reads {@link storeFlags}. Throws a `UsageError`. */
export function readStoreFlags(args: CommandArguments): StoreSettings {
  const session = args.text('session', 'the name of a conversation');
  const store = readStore(args);
  const cache = readCache(args);
  const cacheTtlSeconds = args.seconds('cache-ttl');
  if (session !== undefined) checkSession(args, session);
  if (store !== undefined && session === undefined) {
    throw args.usageError('--store works only with a conversation; add --session.');
  }
  if (cacheTtlSeconds !== undefined && cache === undefined) {
    throw args.usageError('--cache-ttl works only with --cache; add --cache.');
  }
  if (cacheTtlSeconds === 0)
    throw args.usageError('--cache-ttl got 0; expected seconds above 0. To disable the cache, use --cache off.');
  return { session, store, cache, cacheTtlSeconds };
}

/** Reads {@link storeFlag}. Throws a `UsageError`. */
export function readStore(args: CommandArguments): string | undefined {
  const store = args.text('store', expectedRedisAddress);
  if (store !== undefined) checkAddress(args, 'store', store, expectedRedisAddress);
  return store;
}

/** Throws a `UsageError` if the name of a session is invalid. */
export function checkSession(args: CommandArguments, session: string): void {
  try {
    sessionFile(session);
  } catch (error) {
    throw error instanceof SessionError ? args.usageError(error.message) : error;
  }
}

function readCache(args: CommandArguments): string | undefined {
  const expected = `memory, off or ${expectedRedisAddress}`;
  const cache = args.text('cache', expected);
  if (cache !== undefined && cache !== 'memory' && cache !== 'off') checkAddress(args, 'cache', cache, expected);
  return cache;
}

/** Throws a `UsageError` if a Redis URL is invalid. The message omits the value, which may contain a password. */
export function checkAddress(args: CommandArguments, flag: string, address: string, expected: string): void {
  try {
    redisAddress(address);
  } catch (error) {
    throw error instanceof StoreSettingsError
      ? args.usageError(`--${flag} got an invalid address; expected ${expected}.`)
      : error;
  }
}
