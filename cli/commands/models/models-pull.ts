import { OllamaServer } from '@tinyllm/executor/servers';
import type { CommandContext } from '../../command/command-context.js';
import type { ModelServerOptions } from '../../flags/model-server.js';
import { PullDisplay } from './pull-display.js';

/** Options of `tinyllm models pull`. */
export interface ModelsPullOptions extends ModelServerOptions {
  readonly model: string;
  readonly json: boolean;
}

/**
 * Downloads a model to an Ollama server, and shows the progress on stderr.
 *
 * Throws a `ModelError` if the server does not respond or the model does not exist. Throws the reason of the signal if
 * it is aborted. The server keeps partial downloads.
 */
export async function modelsPull(options: ModelsPullOptions, { output, signal }: CommandContext): Promise<void> {
  const { provider, address, model, json } = options;
  const server = new OllamaServer(address ?? process.env.OLLAMA_HOST);
  const display = await PullDisplay.start(output);
  const layers = new Map<string, number>();
  try {
    for await (const progress of server.pull(model, signal)) {
      display.show(progress);
      if (progress.digest !== undefined) layers.set(progress.digest, progress.totalBytes ?? 0);
    }
  } catch (error) {
    display.end();
    if (signal.aborted)
      output.note('download stopped; the server keeps the partial download, and the next pull resumes it');
    throw error;
  } finally {
    display.end();
  }
  if (json) {
    const sizeBytes = [...layers.values()].reduce((sum, bytes) => sum + bytes, 0);
    output.json({ provider, url: server.url, name: model, sizeBytes });
  } else {
    output.text(model);
  }
}
