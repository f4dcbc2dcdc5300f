import { getMetricsCollector, type MetricsCollector } from 'tinyllm';
import { quote, suggestion } from 'tinyllm/configuration';
import { ModelSettingsError, UnknownProviderError } from '../errors/model-client-errors.js';
import type { StoreProblemListener } from '../stores/store-guard.js';
import type { ModelClient } from './model-client.js';
import type { ModelSettings } from './model-settings.js';
import { providerNames } from './provider-names.js';
import { selectModelClient } from './select-model.js';

/** What a command line says of models; it goes before what a file says. */
export interface ModelOverrides {
  /** Who the default model is, and where. */
  readonly selection?: Pick<ModelSettings, 'provider' | 'model' | 'base_url'>;
  /** For every model. */
  readonly resilience?: Pick<ModelSettings, 'timeout' | 'retry' | 'breaker' | 'rate'>;
  /** What the default model falls back on: the names of models, or `provider/model`, on its server if it has the provider. */
  readonly fallback?: readonly string[];
}

/** Which models to connect, and how. */
export interface ConnectModelsOptions {
  /** By name; the one named `default` serves those who name none. Default: whoever is there. */
  readonly models?: Readonly<Record<string, ModelSettings>> | undefined;
  readonly overrides?: ModelOverrides | undefined;
  /** Puts a cache before each model; `scope` tells apart models of one name that answer differently. */
  readonly cache?: ((client: ModelClient, scope: string) => ModelClient) | undefined;
  /** Connects one model; default `selectModelClient`. */
  readonly select?: typeof selectModelClient | undefined;
  /** Where API keys and addresses are read from; default `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Default the shared one. */
  readonly collector?: MetricsCollector | undefined;
  /** Called once per outage of a Redis server that rate limits are shared through; each process then has its own limits. */
  readonly onStoreProblem?: StoreProblemListener | undefined;
}

/** Models that are connected. */
export interface ConnectedModels {
  /** Serves those who name no model. */
  readonly default: ModelClient;
  /** The model of that name. Throws a `ModelSettingsError` when there is none. */
  get(name: string): ModelClient;
  /** Lets go of what the models hold. They are not asked afterwards. */
  close(): Promise<void>;
}

/** The name of the model that serves those who name none. */
const defaultModelName = 'default';

/**
 * Connects models by their settings: falling back on each other, cached, priced, and resilient. Each model has a cache of
 * its own, so that the answer of a fallback is never given for the first model.
 *
 * What the settings leave out: a model is tried 3 times in all, and its circuit breaker opens after 5 failures in a row
 * for 30 s; there is no timeout and no rate limit. Requests without a price are counted as such when another model has
 * one.
 *
 * @throws {ModelSettingsError} when a fallback is not there, or a key's variable is not set; and what
 * `selectModelClient` throws.
 */
export async function connectModels(options: ConnectModelsOptions = {}): Promise<ConnectedModels> {
  const { overrides = {}, collector = getMetricsCollector(), cache } = options;
  const { environment = process.env, select = selectModelClient } = options;
  const models = new Map(Object.entries(withDefault(options.models ?? {}, overrides)));
  const hasPrices = [...models.values()].some(({ price }) => price !== undefined);
  // What makes models resilient is loaded by those who connect some, not by those who import the package.
  const { ModelFactory } = await import('./model-factory.js');
  const { FallbackClient } = await import('./fallback-client.js');
  const factory = new ModelFactory({
    environment,
    collector,
    hasPrices,
    select,
    onStoreProblem: options.onStoreProblem,
  });

  const single = new Map<string, ModelClient>();
  const make = async (name: string, settings: ModelSettings): Promise<void> => {
    const made = await factory.make(name, { ...settings, ...overridden(settings, overrides) });
    single.set(name, cache?.(made, scopeOf(settings)) ?? made);
  };
  for (const [name, settings] of models) await make(name, settings);
  for (const name of overrides.fallback ?? []) {
    if (!single.has(name)) await make(name, besideDefault(modelReference(name), models.get(defaultModelName)));
  }

  const connected = new Map<string, ModelClient>();
  for (const [name, settings] of models) {
    const named = name === defaultModelName ? overrides.fallback : undefined;
    const client = found(single, name);
    const others = (named ?? settings.fallback ?? []).map((other) => found(single, other));
    connected.set(name, others.length === 0 ? client : new FallbackClient(client, others, { collector }));
  }
  return {
    default: found(connected, defaultModelName),
    get: (name) => found(connected, name),
    close: () => factory.close(),
  };
}

/** Another provider than the file's has neither its models nor its address. */
function withDefault(
  models: Readonly<Record<string, ModelSettings>>,
  { selection = {} }: ModelOverrides,
): Readonly<Record<string, ModelSettings>> {
  const { [defaultModelName]: settings = {}, ...others } = models;
  const { model: _model, base_url: _url, api_key_env: _key, ...rest } = settings;
  const isAnother = selection.provider !== undefined && selection.provider !== settings.provider;
  return { [defaultModelName]: { ...(isAnother ? rest : settings), ...selection }, ...others };
}

/** Another model of the default one's provider is one of the same server: what is asked there goes nowhere else. */
function besideDefault(reference: ModelSettings, settings: ModelSettings = {}): ModelSettings {
  const { base_url, api_key_env, provider = base_url === undefined ? undefined : 'openai' } = settings;
  return {
    ...(reference.provider !== provider || base_url === undefined ? {} : { base_url }),
    ...(reference.provider !== provider || api_key_env === undefined ? {} : { api_key_env }),
    ...reference,
  };
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

/** What shapes an answer besides the request and the names of provider and model. */
function scopeOf({ base_url, model, max_tokens, temperature }: ModelSettings): string {
  return JSON.stringify([base_url, model, max_tokens, temperature]);
}

function found(models: ReadonlyMap<string, ModelClient>, name: string): ModelClient {
  const model = models.get(name);
  if (model !== undefined) return model;
  const known = [...models.keys()];
  throw new ModelSettingsError(
    `No model is named ${quote(name)}; expected ${known.join(', ')}.${suggestion(name, known)}`,
  );
}

/**
 * Reads a model as a command line names it: `provider/model`, or `provider` alone for the one it would choose.
 *
 * @throws {UnknownProviderError} when what stands before the first slash is no provider.
 */
export function modelReference(text: string): ModelSettings {
  const slash = text.indexOf('/');
  const [named, model] = slash < 0 ? [text, ''] : [text.slice(0, slash), text.slice(slash + 1)];
  const provider = providerNames.find((name) => name === named);
  if (provider !== undefined) return { provider, ...(model === '' ? {} : { model }) };
  throw new UnknownProviderError(
    `${quote(text)} is no model; expected provider/model, such as ollama/qwen2.5:0.5b, with one of the providers ${providerNames.join(', ')}.${suggestion(named, providerNames)}`,
  );
}
