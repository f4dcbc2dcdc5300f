import type { Problem } from 'tinyllm/configuration';
import { quote, suggestion } from 'tinyllm/configuration';
import { z } from 'zod';
import { expectedRedisAddress, redisAddress } from '../redis/redis-address.js';
import { closedMap } from '../schema/closed-map.js';
import { providerNames } from './provider-names.js';

/** The longest wait a timer takes, in whole seconds. */
const longestSeconds = 2_147_483;

const secondsSchema = z
  .number()
  .positive(`expected seconds: a number above 0, ${longestSeconds} at most.`)
  .max(longestSeconds, `expected seconds: a number above 0, ${longestSeconds} at most.`);

function countSchema(most: number) {
  const expected = `expected a whole number from 1 to ${most}.`;
  return z.int(expected).min(1, expected).max(most, expected);
}

function isRedisAddress(text: string): boolean {
  try {
    return redisAddress(text) !== undefined;
  } catch {
    return false;
  }
}

const dollarsSchema = z.number().min(0, 'expected US dollars per million tokens, 0 or more.');
const textSchema = z.string().regex(/\S/, 'expected a text that is not empty.');

/**
 * What a file says of one model; all of it may be left out.
 *
 * Times are in seconds, prices in US dollars per million tokens. `retry.attempts` counts the first try as well;
 * `breaker.failures` are failures in a row. `rate.store` is a Redis server; processes that name it share their limits.
 * `max_response_bytes` limits one response of a server; default 64 MiB. `api_key_env` names an environment variable: a key
 * never stands in a file.
 */
export const modelSettingsSchema = closedMap({
  provider: z.enum(providerNames).exactOptional(),
  model: textSchema.exactOptional(),
  base_url: textSchema.exactOptional(),
  api_key_env: textSchema.exactOptional(),
  keep_alive: z
    .union([textSchema, z.number()], { error: 'expected a duration such as 5m, or seconds; -1 is for ever.' })
    .exactOptional(),
  max_tokens: countSchema(10_000_000).exactOptional(),
  max_response_bytes: countSchema(Number.MAX_SAFE_INTEGER).exactOptional(),
  temperature: z.number().min(0, 'expected a number of 0 or more.').exactOptional(),
  timeout: secondsSchema.exactOptional(),
  retry: closedMap({
    attempts: countSchema(100).exactOptional(),
    initial_delay: secondsSchema.exactOptional(),
    max_delay: secondsSchema.exactOptional(),
  }).exactOptional(),
  breaker: closedMap({
    failures: countSchema(1_000_000).exactOptional(),
    open_for: secondsSchema.exactOptional(),
  }).exactOptional(),
  rate: closedMap({
    requests_per_minute: countSchema(1_000_000_000).exactOptional(),
    tokens_per_minute: countSchema(1_000_000_000).exactOptional(),
    store: z.string().refine(isRedisAddress, `expected ${expectedRedisAddress}.`).exactOptional(),
  }).exactOptional(),
  price: closedMap({
    input: dollarsSchema,
    output: dollarsSchema,
    cached_input_per_million: dollarsSchema.exactOptional(),
    cache_write_per_million: dollarsSchema.exactOptional(),
  }).exactOptional(),
  fallback: z.array(textSchema).exactOptional(),
});

/** The settings of one model, as a file spells them; code that connects providers of its own may name those too. */
export interface ModelSettings extends Omit<z.output<typeof modelSettingsSchema>, 'provider' | 'fallback'> {
  readonly provider?: string;
  readonly fallback?: readonly string[];
}

/**
 * What is wrong between the models of a file, path by path from the map that holds them: a fallback that is not there,
 * that is the model itself, or that is named twice.
 */
export function* fallbackProblems(models: Readonly<Record<string, ModelSettings>>): Generator<Problem> {
  const names = Object.keys(models);
  for (const [name, { fallback = [] }] of Object.entries(models)) {
    for (const [index, other] of fallback.entries()) {
      const path = [name, 'fallback', index];
      if (other === name) yield { path, message: `the model ${quote(name)} falls back on itself; name another.` };
      else if (!names.includes(other)) {
        const known = names.filter((candidate) => candidate !== name);
        const expected = known.length === 0 ? 'add it under `models`' : `expected ${known.join(', ')}`;
        yield { path, message: `no model is named ${quote(other)}; ${expected}.${suggestion(other, known)}` };
      } else if (fallback.indexOf(other) < index) {
        yield { path, message: `${quote(other)} stands here a second time; remove one of the two.` };
      }
    }
  }
}
