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
 * Gets a model onto an Ollama server's disk, and shows on stderr how far it is.
 *
 * Throws a `ModelError` when the server does not answer, or has no such model, and the signal's reason when that ends
 * it; what has come by then is kept by the server.
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
    if (signal.aborted) output.note('ended; the server keeps what has come, and the next pull goes on from there');
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
