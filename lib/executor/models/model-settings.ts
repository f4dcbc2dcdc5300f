import type { Problem } from 'tinyllm/configuration';
import { quote, suggestion } from 'tinyllm/configuration';
import { z } from 'zod';
import { expectedRedisAddress, redisAddress } from '../redis/redis-address.js';
import { closedMap } from '../schema/closed-map.js';
import { providerNames } from './provider-names.js';

/** The longest duration of a timer, in whole seconds. */
const maxSeconds = 2_147_483;

const secondsSchema = z
  .number()
  .positive(`expected a number of seconds above 0, at most ${maxSeconds}.`)
  .max(maxSeconds, `expected a number of seconds above 0, at most ${maxSeconds}.`);

function countSchema(max: number) {
  const expected = `expected a whole number from 1 to ${max}.`;
  return z.int(expected).min(1, expected).max(max, expected);
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
 * The schema of one model in a file. All keys are optional.
 *
 * Times are in seconds, prices in US dollars per million tokens. `retry.attempts` includes the first attempt.
 * `breaker.failures` counts consecutive failures. `rate.store` is the address of a Redis server; processes with the
 * same address share their limits. `max_response_bytes` limits one response of a server; the default is 64 MiB.
 * `api_key_env` is the name of an environment variable, so that files do not contain keys.
 */
export const modelSettingsSchema = closedMap({
  provider: z.enum(providerNames).exactOptional(),
  model: textSchema.exactOptional(),
  base_url: textSchema.exactOptional(),
  api_key_env: textSchema.exactOptional(),
  keep_alive: z
    .union([textSchema, z.number()], {
      error: 'expected a duration such as 5m, or a number of seconds; -1 keeps the model loaded.',
    })
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

/**
 * The settings of one model, with the keys of a file. `provider` can be any name, for code that connects providers of
 * its own.
 */
export interface ModelSettings extends Omit<z.output<typeof modelSettingsSchema>, 'provider' | 'fallback'> {
  readonly provider?: string;
  readonly fallback?: readonly string[];
}

/**
 * Yields a problem if a fallback is an unknown model, the model itself, or listed twice. The path of a problem starts
 * with the name of the model.
 */
export function* fallbackProblems(models: Readonly<Record<string, ModelSettings>>): Generator<Problem> {
  const names = Object.keys(models);
  for (const [name, { fallback = [] }] of Object.entries(models)) {
    for (const [index, other] of fallback.entries()) {
      const path = [name, 'fallback', index];
      if (other === name) yield { path, message: `the model ${quote(name)} is its own fallback; use another model.` };
      else if (!names.includes(other)) {
        const known = names.filter((candidate) => candidate !== name);
        const expected = known.length === 0 ? 'add it under `models`' : `expected ${known.join(', ')}`;
        yield { path, message: `no model is named ${quote(other)}; ${expected}.${suggestion(other, known)}` };
      } else if (fallback.indexOf(other) < index) {
        yield { path, message: `${quote(other)} is listed twice; remove one of the two.` };
      }
    }
  }
}
