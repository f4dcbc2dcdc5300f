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

/** Options of a {@link ModelFactory}. */
export interface ModelFactoryOptions {
  /** The environment variables for API keys and addresses. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly collector: MetricsCollector;
  /** Whether any model has a price. Requests to models without one are then counted as unpriced. */
  readonly hasPrices: boolean;
  readonly select: typeof selectModelClient;
  /** Called once per outage of the Redis server of a shared rate limit. */
  readonly onStoreProblem?: StoreProblemListener | undefined;
}

/**
 * Creates model clients from settings. Clients of the same model with the same `base_url`, `breaker` and `rate` share a
 * circuit breaker and a rate limit.
 */
export class ModelFactory {
  readonly #options: ModelFactoryOptions;
  readonly #guards = new Map<string, ModelGuards>();
  readonly #clients: ModelClient[] = [];
  readonly #breakers: ModelBreaker[] = [];
  /** The shared rate limits, by the address of their Redis server. */
  readonly #budgets = new Map<string, RedisRateBudgets>();

  constructor(options: ModelFactoryOptions) {
    this.#options = options;
  }

  /** Connects a model, and wraps it according to its settings. `name` is its name in error messages. */
  async make(name: string, settings: ModelSettings): Promise<ModelClient> {
    const { collector, hasPrices, select } = this.#options;
    const { price, max_tokens: maxTokens, temperature, retry } = settings;
    const base = await select(this.#selection(name, settings));
    this.#clients.push(base);
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

  /** Closes all clients, and the connections of shared rate limits. */
  async close(): Promise<void> {
    for (const breaker of this.#breakers) breaker.release();
    await Promise.all([...this.#clients, ...this.#budgets.values()].map((one) => one.close?.()));
  }

  #selection(name: string, settings: ModelSettings): ModelSelection {
    const { provider, model, base_url: baseUrl, api_key_env: variable, keep_alive: keepAlive } = settings;
    const { max_response_bytes: maxResponseBytes } = settings;
    const { environment } = this.#options;
    const apiKey = variable === undefined ? undefined : environment[variable];
    if (variable !== undefined && (apiKey === undefined || apiKey === '')) {
      // The message does not show the value of api_key_env, because it may be the key itself.
      throw new ModelSettingsError(
        `The environment variable in api_key_env of the model ${name} is not set; set it to the API key, or use another variable.`,
      );
    }
    const selection = { provider, model, baseUrl, apiKey, keepAlive, maxResponseBytes };
    const defined = Object.entries(selection).filter(([, value]) => value !== undefined);
    return { ...Object.fromEntries(defined), environment };
  }

  async #guardsOf(base: ModelClient, { base_url, breaker, rate }: ModelSettings): Promise<ModelGuards> {
    const { provider, model } = base;
    const key = JSON.stringify([provider, model, base_url, breaker, rate]);
    const known = this.#guards.get(key);
    if (known !== undefined) return known;
    const { collector } = this.#options;
    const modelBreaker = createModelBreaker({
      provider,
      model,
      collector,
      failures: breaker?.failures,
      openForSeconds: breaker?.open_for,
    });
    this.#breakers.push(modelBreaker);
    const guards: ModelGuards = {
      breaker: modelBreaker.breaker,
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
    // Loads the libraries only if there is a rate limit.
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
