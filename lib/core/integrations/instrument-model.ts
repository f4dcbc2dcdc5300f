import { IntegrationError } from '../errors/errors.js';
import { checkIntegrationOptions, type IntegrationOptions } from '../recording/request-calls.js';
import { observeRuns } from './metrics-callbacks.js';
import { metricsMiddleware } from './metrics-middleware.js';
import {
  anthropicClient,
  isAnthropicClient,
  isOllamaClient,
  isOpenAIClient,
  ollamaClient,
  openaiClient,
  trackClient,
} from './track-client.js';
import { watchLangChainStreams } from './watch-langchain-streams.js';

const SHARED = Symbol.for('tinyllm.instrumented-models');
const scope = globalThis as { [SHARED]?: WeakSet<object> };
scope[SHARED] ??= new WeakSet();
/** Models instrumented by any copy of the package. Instrumenting a model again would count its requests twice. */
const instrumented: WeakSet<object> = scope[SHARED];

type Fields = Record<string, unknown>;

/**
 * Counts and times every request of an existing client or model. Returns the same client or model.
 *
 * Accepts an `openai`, `@anthropic-ai/sdk` or `ollama` client, a language model of the AI SDK, or a model of
 * LangChain.js.
 *
 * The client or model itself is changed, so requests through existing references are tracked too. Instrumenting a
 * client or model twice has no extra effect. Clients that are later derived from the client, for example with
 * `withOptions`, are not tracked.
 *
 * For a client, the model's name is read from the arguments of each request. For a model of the AI SDK, the name is
 * read from the model. For a model of LangChain.js, the name is read from the data that LangChain passes to its
 * callbacks.
 *
 * @throws {IntegrationError} if the object is none of the clients and models above.
 * @throws {MetricsConfigurationError} if an option is unknown or has the wrong type.
 */
export function instrumentModel<Model extends object>(model: Model, options: IntegrationOptions = {}): Model {
  checkIntegrationOptions('instrumentModel', options);
  if (instrumented.has(Object(model))) return model;
  instrument(model, options);
  instrumented.add(model);
  return model;
}

function instrument(model: unknown, options: IntegrationOptions): void {
  const fields = Object(model) as Fields;
  if (isOpenAIClient(fields)) trackClient(fields, openaiClient, options);
  else if (typeof fields.doGenerate === 'function' && typeof fields.doStream === 'function') {
    instrumentLanguageModel(fields, options);
  } else if (isOllamaClient(fields)) trackClient(fields, ollamaClient, options);
  else if (isAnthropicClient(fields)) trackClient(fields, anthropicClient, options);
  else if (typeof fields.invoke === 'function' && typeof fields._llmType === 'function') {
    const { handler, leave } = observeRuns(options);
    fields.callbacks = withHandler(fields.callbacks, handler);
    watchLangChainStreams(fields, leave);
  } else {
    throw new IntegrationError(
      `instrumentModel got ${describeValue(model)}; expected a client of openai, @anthropic-ai/sdk or ollama, a language model of the AI SDK,` +
        ' or a model of LangChain.js. To track a class of your own, decorate its method with @TrackRequest.',
    );
  }
}

/** Overrides the methods that the AI SDK calls. */
function instrumentLanguageModel(model: Fields, options: IntegrationOptions): void {
  const { wrapGenerate, wrapStream } = metricsMiddleware(options);
  const { doGenerate, doStream } = model as Record<string, (params: object) => PromiseLike<never>>;
  const named = { modelId: String(model.modelId), provider: model.provider };
  model.doGenerate = (params: object) =>
    wrapGenerate({
      doGenerate: () => (doGenerate as (params: object) => PromiseLike<unknown>).call(model, params),
      params,
      model: named,
    });
  model.doStream = (params: object) =>
    wrapStream({
      doStream: () => (doStream as (params: object) => PromiseLike<never>).call(model, params),
      params,
      model: named,
    });
}

/** LangChain's callbacks are a list of handlers, or a manager to which handlers are added. */
function withHandler(callbacks: unknown, handler: object): unknown {
  if (Array.isArray(callbacks)) return [...callbacks, handler];
  const manager = Object(callbacks) as { addHandler?: (handler: object, inherit: boolean) => void };
  if (typeof manager.addHandler !== 'function') return [handler];
  manager.addHandler(handler, true);
  return callbacks;
}

function describeValue(value: unknown): string {
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return `an object of class ${value.constructor?.name ?? 'none'}`;
}
