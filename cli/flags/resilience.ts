import type { ModelOverrides } from '@tinyllm/executor';
import { expectedRedisAddress, providerNames } from '@tinyllm/executor/settings';
import { text } from '../command/common-flags.js';
import { type Given, quoted } from '../command/given.js';
import { checkAddress } from './stores.js';

/** What is done for an answer, and who else may give it, as flags say it. */
export type ResilienceOptions = Pick<ModelOverrides, 'resilience' | 'fallback'>;

/** Flags that say what is done for an answer. */
export const resilienceFlags = {
  timeout: {
    ...text,
    describe: 'Seconds an answer may take, or each piece of a streamed one',
    defaultDescription: 'no limit',
  },
  retries: { ...text, describe: 'How often a request that failed is sent again', defaultDescription: '2' },
  fallback: {
    ...text,
    describe:
      'Model to ask when the one before fails: provider/model, provider, or a name in the graph file; repeatable',
  },
  'breaker-failures': {
    ...text,
    describe: 'Failures in a row after which a model is not asked for a while',
    defaultDescription: '5',
  },
  'requests-per-minute': { ...text, describe: 'Most requests to a model in a minute', defaultDescription: 'no limit' },
  'tokens-per-minute': {
    ...text,
    describe: 'Most tokens to and from a model in a minute',
    defaultDescription: 'no limit',
  },
  'rate-store': {
    ...text,
    describe: 'Redis through which processes share these limits and those of the graph file, redis://…',
    defaultDescription: 'what the graph says, else limits of this process',
  },
} as const;

/** Reads what is to be done for an answer. Throws a `UsageError`. */
export function readResilience(given: Given): ResilienceOptions {
  const timeout = given.seconds('timeout');
  if (timeout === 0) throw given.wrong('--timeout got 0; expected seconds above 0, or no --timeout to wait for ever.');
  const retries = wholeNumber(given, 'retries', { least: 0, most: 99 });
  const failures = wholeNumber(given, 'breaker-failures', { least: 1, most: 1_000_000 });
  const requests = wholeNumber(given, 'requests-per-minute', { least: 1, most: 1_000_000_000 });
  const tokens = wholeNumber(given, 'tokens-per-minute', { least: 1, most: 1_000_000_000 });
  const fallback = given.texts('fallback', aModel).map((model) => fallbackModel(given, model));
  const store = given.text('rate-store', expectedRedisAddress);
  if (store !== undefined) checkAddress(given, 'rate-store', store, expectedRedisAddress);
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

const aModel = 'a model such as ollama/qwen2.5:0.5b';

/** What has no slash may be a name in the graph file, which is not read yet. */
function fallbackModel(given: Given, model: string): string {
  const [provider = ''] = model.split('/', 1);
  const isNamed = (providerNames as readonly string[]).includes(provider) && model !== `${provider}/`;
  if (provider === model || isNamed) return model;
  throw given.wrong(
    `--fallback got ${quoted(model)}; expected ${aModel}, with one of the providers ${providerNames.join(', ')}.`,
  );
}

function wholeNumber(
  given: Given,
  flag: string,
  { least, most }: { readonly least: number; readonly most: number },
): number | undefined {
  const expected = `a whole number from ${least} to ${most}`;
  const value = given.text(flag, expected);
  if (value === undefined) return undefined;
  const number = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw given.wrong(`--${flag} got ${quoted(value)}; expected ${expected}.`);
}
