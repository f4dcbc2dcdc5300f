import { getMetricsCollector, type MetricsCollector } from 'tinyllm';
import { quote, suggestion } from 'tinyllm/configuration';
import { ModelSettingsError, UnknownProviderError } from '../errors/model-client-errors.js';
import type { StoreProblemListener } from '../stores/store-guard.js';
import { embeddedName } from './embedded-client.js';
import type { ModelClient } from './model-client.js';
import type { ModelSettings } from './model-settings.js';
import { providerNames } from './provider-names.js';
import { selectModelClient } from './select-model.js';

/** Model settings of a command line. They override the settings of a file. */
export interface ModelOverrides {
  /** The provider, name and server of the default model. */
  readonly selection?: Pick<ModelSettings, 'provider' | 'model' | 'base_url'>;
  /** Settings for all models. */
  readonly resilience?: Pick<ModelSettings, 'timeout' | 'retry' | 'breaker' | 'rate'>;
  /**
   * The fallbacks of the default model, as names of models or as `provider/model`. A `provider/model` with the provider
   * of the default model uses the same server.
   */
  readonly fallback?: readonly string[];
}

/** Options of {@link connectModels}. */
export interface ConnectModelsOptions {
  /**
   * Models by name. The model `default` serves requests that name no model. Default: the model that
   * {@link selectModelClient} finds.
   */
  readonly models?: Readonly<Record<string, ModelSettings>> | undefined;
  readonly overrides?: ModelOverrides | undefined;
  /** Wraps each model in a cache. `scope` distinguishes models with the same name but other settings. */
  readonly cache?: ((client: ModelClient, scope: string) => ModelClient) | undefined;
  /** Connects one model. Default: {@link selectModelClient}. */
  readonly select?: typeof selectModelClient | undefined;
  /** The environment variables for API keys and addresses. Default: `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Default: the shared collector. */
  readonly collector?: MetricsCollector | undefined;
  /**
   * Called once per outage of the Redis server of a shared rate limit. Each process then applies the limit on its own.
   */
  readonly onStoreProblem?: StoreProblemListener | undefined;
}

/** Connected models. */
export interface ConnectedModels {
  /** The model for requests that name no model. */
  readonly default: ModelClient;
  /** Returns the model with this name. Throws a `ModelSettingsError` if there is none. */
  get(name: string): ModelClient;
  /** Closes all models. Do not use them afterwards. */
  close(): Promise<void>;
}

/** The name of the model for requests that name no model. */
const defaultModelName = 'default';

/**
 * Connects models according to their settings, with fallbacks, caches, prices and resilience.
 *
 * The cache wraps each model before its fallbacks are added. So the answer of a fallback is never cached for the first
 * model. Defaults: a
 * model gets 3 attempts, and its circuit breaker opens for 30 s after 5 consecutive failures. There is no timeout and
 * no rate limit. If any model has a price, requests to models without one are counted as unpriced.
 *
 * @throws {ModelSettingsError} if a fallback does not exist, or the environment variable of a key is not set. Also
 * throws the errors of {@link selectModelClient}.
 */
export async function connectModels(options: ConnectModelsOptions = {}): Promise<ConnectedModels> {
  const { overrides = {}, collector = getMetricsCollector(), cache } = options;
  const { environment = process.env, select = selectModelClient } = options;
  const models = new Map(Object.entries(withDefault(options.models ?? {}, overrides)));
  const hasPrices = [...models.values()].some(({ price }) => price !== undefined);
  // Loaded here, because importing the package should not load the resilience libraries.
  const { ModelFactory } = await import('./model-factory.js');
  const { FallbackClient } = await import('./fallback-client.js');
  const factory = new ModelFactory({
    environment,
    collector,
    hasPrices,
    select,
    onStoreProblem: options.onStoreProblem,
  });

  const clients = new Map<string, ModelClient>();
  const make = async (name: string, settings: ModelSettings): Promise<void> => {
    const client = await factory.make(name, { ...settings, ...overridden(settings, overrides) });
    clients.set(name, cache?.(client, scopeOf(settings)) ?? client);
  };
  for (const [name, settings] of models) await make(name, settings);
  for (const name of overrides.fallback ?? []) {
    if (!clients.has(name)) await make(name, withDefaultServer(modelReference(name), models.get(defaultModelName)));
  }

  const connected = new Map<string, ModelClient>();
  for (const [name, settings] of models) {
    const named = name === defaultModelName ? overrides.fallback : undefined;
    const client = modelNamed(name, clients);
    const others = (named ?? settings.fallback ?? []).map((other) => modelNamed(other, clients));
    connected.set(name, others.length === 0 ? client : new FallbackClient(client, others, { collector }));
  }
  return {
    default: modelNamed(defaultModelName, connected),
    get: (name) => modelNamed(name, connected),
    close: () => factory.close(),
  };
}

/**
 * Applies the selection to the default model of the file. If the selection names a provider that differs from the
 * provider in the file, the model name, URL and key in the file are ignored.
 */
function withDefault(
  models: Readonly<Record<string, ModelSettings>>,
  { selection = {} }: ModelOverrides,
): Readonly<Record<string, ModelSettings>> {
  const { [defaultModelName]: settings = {}, ...others } = models;
  const { model: _model, base_url: _url, api_key_env: _key, ...rest } = settings;
  const isOtherProvider = selection.provider !== undefined && selection.provider !== providerOf(settings);
  return { [defaultModelName]: { ...(isOtherProvider ? rest : settings), ...selection }, ...others };
}

/**
 * Adds the URL and key of the default model if the provider is the same. A fallback with the same provider then uses
 * the server of the default model.
 */
function withDefaultServer(reference: ModelSettings, settings: ModelSettings = {}): ModelSettings {
  const { base_url, api_key_env } = settings;
  const provider = providerOf(settings);
  return {
    ...(reference.provider !== provider || base_url === undefined ? {} : { base_url }),
    ...(reference.provider !== provider || api_key_env === undefined ? {} : { api_key_env }),
    ...reference,
  };
}

/**
 * Returns the provider of a model, as {@link selectModelClient} chooses it. Undefined if that function has to detect
 * the provider.
 */
function providerOf({ provider, model, base_url }: ModelSettings): string | undefined {
  if (provider !== undefined) return provider;
  if (base_url !== undefined) return 'openai';
  if (model === undefined) return undefined;
  return model === embeddedName ? embeddedName : 'ollama';
}

function overridden(settings: ModelSettings, { resilience = {} }: ModelOverrides): ModelSettings {
  const { timeout, retry, breaker, rate } = resilience;
  return {
    ...(timeout === undefined ? {} : { timeout }),
    ...(retry === undefined ? {} : { retry: { ...settings.retry, ...retry } }),
    ...(breaker === undefined ? {} : { breaker: { ...settings.breaker, ...breaker } }),
    ...(rate === undefined ? {} : { rate: { ...settings.rate, ...rate } }),
  };
}

/**
 * Returns the settings that can change an answer, for the cache key. The key also contains the request, the provider
 * and the model.
 */
function scopeOf({ base_url, model, max_tokens, temperature }: ModelSettings): string {
  return JSON.stringify([base_url, model, max_tokens, temperature]);
}

function modelNamed(name: string, models: ReadonlyMap<string, ModelClient>): ModelClient {
  const model = models.get(name);
  if (model !== undefined) return model;
  const known = [...models.keys()];
  throw new ModelSettingsError(
    `No model is named ${quote(name)}; expected ${known.join(', ')}.${suggestion(name, known)}`,
  );
}

/**
 * Parses a model reference of a command line: `provider/model`, or only `provider` for the provider's default model.
 *
 * @throws {UnknownProviderError} if the text before the first slash is not a provider.
 */
export function modelReference(text: string): ModelSettings {
  const slash = text.indexOf('/');
  const [named, model] = slash < 0 ? [text, ''] : [text.slice(0, slash), text.slice(slash + 1)];
  const provider = providerNames.find((name) => name === named);
  if (provider !== undefined) return { provider, ...(model === '' ? {} : { model }) };
  throw new UnknownProviderError(
    `${quote(text)} is not a model; expected provider/model, such as ollama/qwen2.5:0.5b, with one of the providers ${providerNames.join(', ')}.${suggestion(named, providerNames)}`,
  );
}
