import type { ModelOverrides } from '@tinyllm/executor';
import { expectedRedisAddress, providerNames } from '@tinyllm/executor/settings';
import { type CommandArguments, quoted } from '../command/command-arguments.js';
import { text } from '../command/common-flags.js';
import { checkAddress } from './stores.js';

/** The flags of timeouts, retries, circuit breakers, rate limits and fallbacks. */
export type ResilienceOptions = Pick<ModelOverrides, 'resilience' | 'fallback'>;

/** Flags of timeouts, retries, circuit breakers, rate limits and fallbacks. */
export const resilienceFlags = {
  timeout: {
    ...text,
    describe: 'Timeout of an answer in seconds, or of each chunk of a streamed answer',
    defaultDescription: 'the setting of the graph, else no limit',
  },
  retries: {
    ...text,
    describe: 'Maximum number of retries of a failed request',
    defaultDescription: 'the setting of the graph, else 2',
  },
  fallback: {
    ...text,
    describe:
      'Model to use if the previous one fails: provider/model, provider, or a name in the graph file; repeatable',
  },
  'breaker-failures': {
    ...text,
    describe: 'Consecutive failures after which requests to a model are paused',
    defaultDescription: 'the setting of the graph, else 5',
  },
  'requests-per-minute': {
    ...text,
    describe: 'Maximum requests per minute to a model',
    defaultDescription: 'the setting of the graph, else no limit',
  },
  'tokens-per-minute': {
    ...text,
    describe: 'Maximum tokens per minute to and from a model',
    defaultDescription: 'the setting of the graph, else no limit',
  },
  'rate-store': {
    ...text,
    describe:
      'Redis (redis://…) in which processes share their limits per minute; applies to limits of flags and of the graph file',
    defaultDescription: 'the setting of the graph, else limits per process',
  },
} as const;

/** Reads {@link resilienceFlags}. Throws a `UsageError`. */
export function readResilience(args: CommandArguments): ResilienceOptions {
  const timeout = args.seconds('timeout');
  if (timeout === 0)
    throw args.usageError('--timeout got 0; expected seconds above 0. For no limit, leave out --timeout.');
  const retries = wholeNumber(args, 'retries', { least: 0, most: 99 });
  const failures = wholeNumber(args, 'breaker-failures', { least: 1, most: 1_000_000 });
  const requests = wholeNumber(args, 'requests-per-minute', { least: 1, most: 1_000_000_000 });
  const tokens = wholeNumber(args, 'tokens-per-minute', { least: 1, most: 1_000_000_000 });
  const fallback = args.texts('fallback', expectedModel).map((model) => fallbackModel(args, model));
  const store = args.text('rate-store', expectedRedisAddress);
  if (store !== undefined) checkAddress(args, 'rate-store', store, expectedRedisAddress);
  const rate = {
    ...(store === undefined ? {} : { store }),
    ...(requests === undefined ? {} : { requests_per_minute: requests }),
    ...(tokens === undefined ? {} : { tokens_per_minute: tokens }),
  };
  return {
    resilience: {
      ...(timeout === undefined ? {} : { timeout }),
      ...(retries === undefined ? {} : { retry: { attempts: retries + 1 } }),
      ...(failures === undefined ? {} : { breaker: { failures } }),
      ...(Object.keys(rate).length === 0 ? {} : { rate }),
    },
    ...(fallback.length === 0 ? {} : { fallback }),
  };
}

const expectedModel = 'a model such as ollama/qwen2.5:0.5b';

/** A text without a slash may be a name in the graph file, which is loaded later. So it is not checked here. */
function fallbackModel(args: CommandArguments, model: string): string {
  const [provider = ''] = model.split('/', 1);
  const isNamed = (providerNames as readonly string[]).includes(provider) && model !== `${provider}/`;
  if (provider === model || isNamed) return model;
  throw args.usageError(
    `--fallback got ${quoted(model)}; expected ${expectedModel}, whose provider is one of ${providerNames.join(', ')}.`,
  );
}

function wholeNumber(
  args: CommandArguments,
  flag: string,
  { least, most }: { readonly least: number; readonly most: number },
): number | undefined {
  const expected = `a whole number from ${least} to ${most}`;
  const value = args.text(flag, expected);
  if (value === undefined) return undefined;
  const number = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw args.usageError(`--${flag} got ${quoted(value)}; expected ${expected}.`);
}
