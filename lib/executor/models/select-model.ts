import { ModelNotFoundError, ModelUnavailableError } from 'tinyllm/recording';
import { UnknownProviderError } from '../errors/model-client-errors.js';
import { EmbeddedClient, embeddedName } from './embedded-client.js';
import { llamaCppName } from './llama-cpp/llama-library.js';
import { LlamaCppClient } from './llama-cpp-client.js';
import type { ModelClient } from './model-client.js';
import { OllamaServer } from './ollama/ollama-server.js';
import { defaultOllamaModel, OllamaClient } from './ollama-client.js';
import { OpenAIServer } from './openai/openai-server.js';
import { OpenAIClient } from './openai-client.js';
import { providerNames } from './provider-names.js';

/** Who is to answer; both left out means whoever is there. */
export interface ModelSelection {
  /** One of {@link providerNames}. */
  readonly provider?: string;
  /** By the provider's name for it; for llama-cpp the path of a GGUF file. */
  readonly model?: string;
  /**
   * Where the server is: for openai its base URL, for ollama its host. Default: what `OPENAI_BASE_URL` or `OLLAMA_HOST`
   * says, or else OpenAI itself and http://127.0.0.1:11434. Without a provider it is taken for openai's.
   */
  readonly baseUrl?: string;
  /** For openai; default what `OPENAI_API_KEY` says. */
  readonly apiKey?: string;
  /** For ollama: how long the model stays in memory after a call, a duration such as `5m`, or seconds. */
  readonly keepAlive?: string | number;
  /** The most bytes that are read of one answer or of embeddings of a server; default 64 MiB. */
  readonly maxResponseBytes?: number;
  /** Where the variables are read from; default `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** How long an Ollama server has to say that it is there. */
const probeMilliseconds = 300;
/** How long one that is there has to list its models. */
const listMilliseconds = 2000;
/** How long a server that was named has to list its models. */
const namedListMilliseconds = 10_000;

/**
 * Connects the model that was asked for, or one that is there.
 *
 * Without a provider it is Ollama, if one answers within 300 ms where `OLLAMA_HOST` says or else at
 * http://127.0.0.1:11434, with `qwen2.5:0.5b` if it has that and otherwise the model it changed last; else the embedded
 * client. A provider that is named is taken without asking; whether it answers shows at its first call. Only openai without
 * a model is asked which it has, and must have one alone.
 *
 * @throws {UnknownProviderError} for a provider that is none of {@link providerNames}.
 * @throws {ModelUnavailableError} when a model is named without a provider and no Ollama answers, or an address is none.
 * @throws {ModelNotFoundError} when another model than its own is asked of the embedded client, when openai has not one
 * model to choose, and when llama-cpp is named without a file.
 */
export async function selectModelClient(selection: ModelSelection = {}): Promise<ModelClient> {
  const { provider, model, baseUrl, environment = process.env } = selection;
  const host = (provider === 'ollama' ? baseUrl : undefined) ?? environment.OLLAMA_HOST ?? '';
  switch (provider ?? (baseUrl === undefined ? undefined : 'openai')) {
    case undefined:
      return model === undefined ? whoeverIsThere(selection, host) : whoeverHas(model, selection, host);
    case embeddedName:
      return embedded(model);
    case 'ollama':
      return ollama(selection, host, model);
    case 'openai':
      return openai(selection);
    case llamaCppName:
      return llamaCpp(model);
    default:
      throw new UnknownProviderError(
        `No provider is named ${JSON.stringify(provider)}; expected one of ${providerNames.join(', ')}.`,
      );
  }
}

async function whoeverIsThere(selection: ModelSelection, host: string): Promise<ModelClient> {
  const server = new OllamaServer(host);
  const model = (await answers(server)) ? await modelToAsk(server) : undefined;
  return model === undefined ? new EmbeddedClient() : ollama(selection, host, model);
}

async function whoeverHas(model: string, selection: ModelSelection, host: string): Promise<ModelClient> {
  if (model === embeddedName) return new EmbeddedClient();
  const server = new OllamaServer(host);
  if (await answers(server)) return ollama(selection, host, model);
  throw new ModelUnavailableError(
    `The model ${model} needs an Ollama server, and none answers at ${server.url}; start it with \`ollama serve\`, or set OLLAMA_HOST to where it runs.`,
    { provider: 'ollama', model },
  );
}

function ollama(selection: ModelSelection, host: string, model: string | undefined): ModelClient {
  const { keepAlive, maxResponseBytes } = selection;
  return new OllamaClient({
    host,
    ...(model === undefined ? {} : { model }),
    ...(keepAlive === undefined ? {} : { keepAlive }),
    ...(maxResponseBytes === undefined ? {} : { maxResponseBytes }),
  });
}

async function openai(selection: ModelSelection): Promise<ModelClient> {
  const { model, baseUrl, apiKey, maxResponseBytes, environment = process.env } = selection;
  const server = {
    maxResponseBytes,
    baseUrl: baseUrl ?? environment.OPENAI_BASE_URL,
    apiKey: apiKey ?? environment.OPENAI_API_KEY,
  };
  return new OpenAIClient({ ...server, model: model ?? (await onlyModel(new OpenAIServer(server))) });
}

async function onlyModel(server: OpenAIServer): Promise<string> {
  const signal = AbortSignal.timeout(namedListMilliseconds);
  const models = await server.models(signal).catch((error: unknown) => {
    throw signal.aborted ? silent(server.url) : error;
  });
  const [model] = models;
  if (model !== undefined && models.length === 1) return model;
  throw new ModelNotFoundError(
    `The OpenAI-compatible server at ${server.url} has ${models.length} models to choose from; name one with \`--model\`: \`tinyllm models list --provider openai\` shows them.`,
    { provider: 'openai' },
  );
}

function silent(url: string): ModelUnavailableError {
  return new ModelUnavailableError(
    `The OpenAI-compatible server at ${url} has not listed its models in ${namedListMilliseconds / 1000} s; name one with \`--model\`, or look after the server.`,
    { provider: 'openai' },
  );
}

function embedded(model: string | undefined): ModelClient {
  if (model === undefined || model === embeddedName) return new EmbeddedClient();
  throw new ModelNotFoundError(
    `The embedded provider has one model, ${embeddedName}, and not ${model}; leave the model out, or choose the provider ollama.`,
    { provider: embeddedName, model },
  );
}

function llamaCpp(file: string | undefined): ModelClient {
  if (file !== undefined) return new LlamaCppClient({ file });
  throw new ModelNotFoundError(
    'The provider llama-cpp needs a model file; name one with `--model path/to/model.gguf`.',
    { provider: llamaCppName },
  );
}

async function answers(server: OllamaServer): Promise<boolean> {
  // To load the client takes time as well, and none of the server's.
  await import('ollama');
  return server.version(AbortSignal.timeout(probeMilliseconds)).then(
    () => true,
    () => false,
  );
}

/** Undefined when the server has no model that could answer. */
async function modelToAsk(server: OllamaServer): Promise<string | undefined> {
  const pulled = await server.pulledModels(AbortSignal.timeout(listMilliseconds)).catch(() => []);
  const names = pulled.filter(({ chats }) => chats).map(({ name }) => name);
  return names.includes(defaultOllamaModel) ? defaultOllamaModel : names[0];
}
