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

/** Which model to connect. Without a provider and a model, {@link selectModelClient} finds one. */
export interface ModelSelection {
  /** A name in {@link providerNames}. */
  readonly provider?: string;
  /** The name of the model at its provider. For llama-cpp, the path of a GGUF file. */
  readonly model?: string;
  /**
   * The base URL of an OpenAI-compatible server, or the host of an Ollama server. Default for openai:
   * `OPENAI_BASE_URL`, or else https://api.openai.com/v1. Default for ollama: `OLLAMA_HOST`, or else
   * http://127.0.0.1:11434. If a base URL is set without a provider, the provider is `openai`.
   */
  readonly baseUrl?: string;
  /** The API key for openai. Default: `OPENAI_API_KEY`. */
  readonly apiKey?: string;
  /** For ollama: how long the model stays in memory after a call, a duration such as `5m`, or seconds. */
  readonly keepAlive?: string | number;
  /** The maximum size of one response of a server, in bytes. Default: 64 MiB. */
  readonly maxResponseBytes?: number;
  /** The environment variables. Default: `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** The deadline to detect an Ollama server. */
const probeMilliseconds = 300;
/** The deadline to list the models of a detected Ollama server. */
const ollamaListMilliseconds = 2000;
/** The deadline to list the models of an OpenAI-compatible server. */
const openaiListMilliseconds = 10_000;

/**
 * Connects the selected model, or finds one if none is selected.
 *
 * Without a provider, it uses the Ollama server at `OLLAMA_HOST` or else http://127.0.0.1:11434, if that responds
 * within 300 ms. The model is `qwen2.5:0.5b` if the server has it, or else the most recently modified chat
 * model. If no Ollama server with a chat model responds, it uses the embedded client.
 *
 * A selected provider is not contacted; the first call shows whether it responds. The exception is openai without a
 * model: its server must list exactly one model.
 *
 * @throws {UnknownProviderError} if the provider is not in {@link providerNames}.
 * @throws {ModelUnavailableError} if a model is selected without a provider and no Ollama server responds, or if an
 * address is invalid.
 * @throws {ModelNotFoundError} if the embedded client does not have the model, openai does not list exactly one model,
 * or llama-cpp has no file.
 */
export async function selectModelClient(selection: ModelSelection = {}): Promise<ModelClient> {
  const { provider, model, baseUrl, environment = process.env } = selection;
  const host = (provider === 'ollama' ? baseUrl : undefined) ?? environment.OLLAMA_HOST ?? '';
  switch (provider ?? (baseUrl === undefined ? undefined : 'openai')) {
    case undefined:
      return model === undefined ? detectedModel(selection, host) : modelOfOllama(model, selection, host);
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

async function detectedModel(selection: ModelSelection, host: string): Promise<ModelClient> {
  const server = new OllamaServer(host);
  const model = (await isReachable(server)) ? await preferredModel(server) : undefined;
  return model === undefined ? new EmbeddedClient() : ollama(selection, host, model);
}

async function modelOfOllama(model: string, selection: ModelSelection, host: string): Promise<ModelClient> {
  if (model === embeddedName) return new EmbeddedClient();
  const server = new OllamaServer(host);
  if (await isReachable(server)) return ollama(selection, host, model);
  throw new ModelUnavailableError(
    `The model ${model} needs an Ollama server, but none responds at ${server.url}; start it with \`ollama serve\`, or set OLLAMA_HOST to its address.`,
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
  const signal = AbortSignal.timeout(openaiListMilliseconds);
  const models = await server.models(signal).catch((error: unknown) => {
    throw signal.aborted ? listTimeout(server.url) : error;
  });
  const [model] = models;
  if (model !== undefined && models.length === 1) return model;
  throw new ModelNotFoundError(
    `The OpenAI-compatible server at ${server.url} has ${models.length} models, expected 1; choose one with \`--model\`. \`tinyllm models list --provider openai\` lists them.`,
    { provider: 'openai' },
  );
}

function listTimeout(url: string): ModelUnavailableError {
  return new ModelUnavailableError(
    `The OpenAI-compatible server at ${url} did not list its models within ${openaiListMilliseconds / 1000} s; choose one with \`--model\`, or check the server.`,
    { provider: 'openai' },
  );
}

function embedded(model: string | undefined): ModelClient {
  if (model === undefined || model === embeddedName) return new EmbeddedClient();
  throw new ModelNotFoundError(
    `The embedded provider has only the model ${embeddedName}, not ${model}; omit the model, or choose the provider ollama.`,
    { provider: embeddedName, model },
  );
}

function llamaCpp(file: string | undefined): ModelClient {
  if (file !== undefined) return new LlamaCppClient({ file });
  throw new ModelNotFoundError('The provider llama-cpp needs a model file; set it with `--model path/to/model.gguf`.', {
    provider: llamaCppName,
  });
}

async function isReachable(server: OllamaServer): Promise<boolean> {
  // The deadline should not include the time to load the client library.
  await import('ollama');
  return server.version(AbortSignal.timeout(probeMilliseconds)).then(
    () => true,
    () => false,
  );
}

/** Returns undefined if the server has no chat model. */
async function preferredModel(server: OllamaServer): Promise<string | undefined> {
  const pulled = await server.pulledModels(AbortSignal.timeout(ollamaListMilliseconds)).catch(() => []);
  const names = pulled.filter(({ chats }) => chats).map(({ name }) => name);
  return names.includes(defaultOllamaModel) ? defaultOllamaModel : names[0];
}
