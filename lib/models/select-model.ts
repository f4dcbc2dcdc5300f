import { ModelNotFoundError, ModelUnavailableError, UnknownProviderError } from '../errors.js';
import { EmbeddedClient, embeddedName } from './embedded-client.js';
import type { ModelClient } from './model-client.js';
import { OllamaServer } from './ollama/ollama-server.js';
import { defaultOllamaModel, OllamaClient } from './ollama-client.js';
import { providerNames } from './provider-names.js';

/** Who is to answer; both left out means whoever is there. */
export interface ModelSelection {
  /** One of {@link providerNames}. */
  readonly provider?: string;
  /** By the provider's name for it. */
  readonly model?: string;
  /** Where `OLLAMA_HOST` is read from; default `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** How long an Ollama server has to say that it is there. */
const probeMilliseconds = 300;
/** How long one that is there has to list its models. */
const listMilliseconds = 2000;

/**
 * Connects the model that was asked for, or one that is there.
 *
 * Without a provider it is Ollama, if one answers within 300 ms where `OLLAMA_HOST` says or else at
 * http://127.0.0.1:11434, with `qwen2.5:0.5b` if it has that and otherwise the model it changed last; else the embedded
 * client. A provider that is named is taken without asking; whether it answers shows at its first call.
 *
 * @throws {UnknownProviderError} for a provider that is none of {@link providerNames}.
 * @throws {ModelUnavailableError} when a model is named without a provider and no Ollama answers.
 * @throws {ModelNotFoundError} when another model than its own is asked of the embedded client.
 */
export async function selectModelClient(selection: ModelSelection = {}): Promise<ModelClient> {
  const { provider, model, environment = process.env } = selection;
  const host = environment.OLLAMA_HOST ?? '';
  switch (provider) {
    case undefined:
      return model === undefined ? whoeverIsThere(host) : whoeverHas(model, host);
    case embeddedName:
      return embedded(model);
    case 'ollama':
      return new OllamaClient({ host, ...(model === undefined ? {} : { model }) });
    default:
      throw new UnknownProviderError(
        `No provider is named ${JSON.stringify(provider)}; expected one of ${providerNames.join(', ')}.`,
      );
  }
}

async function whoeverIsThere(host: string): Promise<ModelClient> {
  const server = new OllamaServer(host);
  const model = (await answers(server)) ? await modelToAsk(server) : undefined;
  return model === undefined ? new EmbeddedClient() : new OllamaClient({ host, model });
}

async function whoeverHas(model: string, host: string): Promise<ModelClient> {
  if (model === embeddedName) return new EmbeddedClient();
  const server = new OllamaServer(host);
  if (await answers(server)) return new OllamaClient({ host, model });
  throw new ModelUnavailableError(
    `The model ${model} needs an Ollama server, and none answers at ${server.url}; start it with \`ollama serve\`, or set OLLAMA_HOST to where it runs.`,
    { provider: 'ollama', model },
  );
}

function embedded(model: string | undefined): ModelClient {
  if (model === undefined || model === embeddedName) return new EmbeddedClient();
  throw new ModelNotFoundError(
    `The embedded provider has one model, ${embeddedName}, and not ${model}; leave the model out, or choose the provider ollama.`,
    { provider: embeddedName, model },
  );
}

async function answers(server: OllamaServer): Promise<boolean> {
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
