import type { PulledModel } from '@tinyllm/executor/servers';
import { OllamaServer, OpenAIServer } from '@tinyllm/executor/servers';
import type { CommandContext } from '../../command/command-context.js';
import type { ModelServerOptions } from '../../flags/model-server.js';
import { readableBytes } from '../../terminal/readable-bytes.js';
import { table } from '../../terminal/table.js';

/** Options of `tinyllm models list`. */
export interface ModelsListOptions extends ModelServerOptions {
  readonly json: boolean;
}

interface Listed {
  readonly url: string;
  readonly models: readonly (Partial<Omit<PulledModel, 'chats'>> & { readonly name: string })[];
}

/** Lists the models of a server. Throws a `ModelError` if it does not respond, or if its response is invalid. */
export async function modelsList(options: ModelsListOptions, { output, signal }: CommandContext): Promise<void> {
  const { provider, address, json } = options;
  const { url, models } = await (provider === 'ollama' ? ofOllama : ofOpenAI)(address, signal);
  if (json) output.json({ provider, url, models });
  else if (models.length > 0) output.text(provider === 'ollama' ? modelTable(models) : namesOf(models));
  else
    output.note(
      `no models at ${url}${provider === 'ollama' ? '; download one with `tinyllm models pull <name>`' : ''}`,
    );
}

async function ofOllama(address: string | undefined, signal: AbortSignal): Promise<Listed> {
  const server = new OllamaServer(address ?? process.env.OLLAMA_HOST);
  const models = await server.pulledModels(signal);
  return { url: server.url, models: models.map(({ chats: _, ...model }) => model) };
}

async function ofOpenAI(address: string | undefined, signal: AbortSignal): Promise<Listed> {
  const { OPENAI_BASE_URL, OPENAI_API_KEY } = process.env;
  const server = new OpenAIServer({ baseUrl: address ?? OPENAI_BASE_URL, apiKey: OPENAI_API_KEY });
  const names = await server.models(signal);
  return { url: server.url, models: [...names].sort().map((name) => ({ name })) };
}

function namesOf(models: Listed['models']): string {
  return models.map(({ name }) => name).join('\n');
}

function modelTable(models: Listed['models']): string {
  const columns = [
    { title: 'name' },
    { title: 'size', numeric: true },
    { title: 'parameters', numeric: true },
    { title: 'quantization' },
    { title: 'changed' },
  ];
  return table(
    columns,
    models.map(({ name, sizeBytes = 0, parameters = '-', quantization = '-', modifiedAt = '-' }) => [
      name,
      readableBytes(sizeBytes),
      parameters,
      quantization,
      modifiedAt.slice(0, 'YYYY-MM-DD'.length),
    ]),
  );
}
