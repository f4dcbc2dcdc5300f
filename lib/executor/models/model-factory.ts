import type { MetricsCollector } from 'tinyllm';
import { ModelSettingsError } from '../errors/model-client-errors.js';
import type { RedisRateBudgets } from '../stores/redis-rate-budgets.js';
import type { StoreProblemListener } from '../stores/store-guard.js';
import { digestOf } from './cached-client.js';
import type { ModelGuards } from './guarded-call.js';
import { createModelBreaker, type ModelBreaker } from './model-breaker.js';
import type { ModelClient } from './model-client.js';
import type { ModelSettings } from './model-settings.js';
import { PresetClient } from './preset-client.js';
import { type ModelPrice, PricedClient } from './priced-client.js';
import { ResilientClient } from './resilient-client.js';
import type { ModelSelection, selectModelClient } from './select-model.js';

/** What a {@link ModelFactory} makes models with. */
export interface ModelFactoryOptions {
  /** Where API keys and addresses are read from. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly collector: MetricsCollector;
  /** Whether any model has a price; requests to those that have none are counted then. */
  readonly hasPrices: boolean;
  readonly select: typeof selectModelClient;
  /** Called once per outage of a Redis server that rate limits are shared through. */
  readonly onStoreProblem?: StoreProblemListener | undefined;
}

/** Makes clients of settings; those of one model share its circuit breaker and its rate limit. */
export class ModelFactory {
  readonly #options: ModelFactoryOptions;
  readonly #guards = new Map<string, ModelGuards>();
  readonly #made: ModelClient[] = [];
  readonly #breakers: ModelBreaker[] = [];
  /** By the address of their Redis server. */
  readonly #budgets = new Map<string, RedisRateBudgets>();

  constructor(options: ModelFactoryOptions) {
    this.#options = options;
  }

  /** Connects a model and wraps it; `name` is what errors call it. */
  async make(name: string, settings: ModelSettings): Promise<ModelClient> {
    const { collector, hasPrices, select } = this.#options;
    const { price, max_tokens: maxTokens, temperature, retry } = settings;
    const base = await select(this.#selection(name, settings));
    this.#made.push(base);
    const resilient = new ResilientClient(base, {
      ...(await this.#guardsOf(base, settings)),
      timeoutSeconds: settings.timeout,
      retry: {
        attempts: retry?.attempts,
        initialDelaySeconds: retry?.initial_delay,
        maxDelaySeconds: retry?.max_delay,
      },
      collector,
    });
    const priced = hasPrices ? new PricedClient(resilient, { price: priceOf(price), collector }) : resilient;
    if (maxTokens === undefined && temperature === undefined) return priced;
    return new PresetClient(priced, {
      ...(maxTokens === undefined ? {} : { maxTokens }),
      ...(temperature === undefined ? {} : { temperature }),
    });
  }

  /** Closes every client that was made, and the connections of shared rate limits. */
  async close(): Promise<void> {
    for (const breaker of this.#breakers) breaker.release();
    await Promise.all([...this.#made, ...this.#budgets.values()].map((one) => one.close?.()));
  }

  #selection(name: string, settings: ModelSettings): ModelSelection {
    const { provider, model, base_url: baseUrl, api_key_env: variable, keep_alive: keepAlive } = settings;
    const { max_response_bytes: maxResponseBytes } = settings;
    const { environment } = this.#options;
    const apiKey = variable === undefined ? undefined : environment[variable];
    if (variable !== undefined && (apiKey === undefined || apiKey === '')) {
      // What stands there may be the key itself, so it is not shown.
      throw new ModelSettingsError(
        `The environment variable that api_key_env of the model ${name} names is not set; set it to the key, or name another.`,
      );
    }
    const selection = { provider, model, baseUrl, apiKey, keepAlive, maxResponseBytes };
    const given = Object.entries(selection).filter(([, value]) => value !== undefined);
    return { ...Object.fromEntries(given), environment };
  }

  async #guardsOf(base: ModelClient, { base_url, breaker, rate }: ModelSettings): Promise<ModelGuards> {
    const { provider, model } = base;
    const key = JSON.stringify([provider, model, base_url, breaker, rate]);
    const known = this.#guards.get(key);
    if (known !== undefined) return known;
    const { collector } = this.#options;
    const made = createModelBreaker({
      provider,
      model,
      collector,
      failures: breaker?.failures,
      openForSeconds: breaker?.open_for,
    });
    this.#breakers.push(made);
    const guards: ModelGuards = {
      breaker: made.breaker,
      limiter: await this.#limiterOf(base, rate),
    };
    this.#guards.set(key, guards);
    return guards;
  }

  async #limiterOf(
    { provider, model, url }: ModelClient,
    rate: ModelSettings['rate'] = {},
  ): Promise<ModelGuards['limiter']> {
    const { requests_per_minute: requestsPerMinute, tokens_per_minute: tokensPerMinute, store } = rate;
    if (requestsPerMinute === undefined && tokensPerMinute === undefined) return undefined;
    // Its libraries are loaded only where a rate is limited.
    const { RateLimiter } = await import('@tinyllm/resilience');
    const budgets = store === undefined ? undefined : await this.#budgetsIn(store);
    const key = digestOf({ provider, model, url });
    return new RateLimiter({
      requestsPerMinute,
      tokensPerMinute,
      openBudget: budgets && ((unit, points) => budgets.open(`${key}:${unit}`, points)),
      onWait: (waitSeconds) => this.#options.collector.recordRateLimitWait({ waitSeconds, model }),
    });
  }

  async #budgetsIn(store: string): Promise<RedisRateBudgets> {
    const { RedisRateBudgets } = await import('../stores/redis-rate-budgets.js');
    const budgets =
      this.#budgets.get(store) ?? new RedisRateBudgets(store, { onProblem: this.#options.onStoreProblem });
    this.#budgets.set(store, budgets);
    return budgets;
  }
}

function priceOf(price: ModelSettings['price']): ModelPrice | undefined {
  if (price === undefined) return undefined;
  const { input, output, cached_input_per_million: cachedInput, cache_write_per_million: cacheWrite } = price;
  return { input, output, cachedInput, cacheWrite };
}
