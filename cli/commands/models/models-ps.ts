import { OllamaServer } from '@tinyllm/executor/servers';
import type { CommandContext } from '../../command/command-context.js';
import type { ModelServerOptions } from '../../flags/model-server.js';
import { readableBytes } from '../../terminal/readable-bytes.js';
import { table } from '../../terminal/table.js';

/** Options of `tinyllm models ps`. */
export interface ModelsPsOptions extends ModelServerOptions {
  readonly json: boolean;
}

/** Lists the models in Ollama's memory. Throws a `ModelError` if it does not respond, or if its response is invalid. */
export async function modelsPs(options: ModelsPsOptions, { output, signal }: CommandContext): Promise<void> {
  const { provider, address, json } = options;
  const server = new OllamaServer(address ?? process.env.OLLAMA_HOST);
  const models = await server.residentModels({ signal });
  if (json) {
    output.json({
      provider,
      url: server.url,
      models: models.map(({ model, ...facts }) => ({ name: model, ...facts })),
    });
  } else if (models.length === 0) {
    output.note(`no models in memory at ${server.url}`);
  } else {
    const columns = [
      { title: 'name' },
      { title: 'memory', numeric: true },
      { title: 'video memory', numeric: true },
      { title: 'expires' },
    ];
    output.text(
      table(
        columns,
        models.map(({ model, memoryBytes, vramBytes, expiresAt = '-' }) => [
          model,
          readableBytes(memoryBytes),
          readableBytes(vramBytes),
          expiresAt,
        ]),
      ),
    );
  }
}
