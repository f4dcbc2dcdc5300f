import { GraphExecutor } from '../lib/graph/executor.js';
import type { Graph } from '../lib/graph/graph.js';
import type { CommandContext } from './command-context.js';
import { connectRunModels } from './connect-run-models.js';
import { openStores } from './open-stores.js';
import type { RunCommandOptions } from './run-options.js';

/** Who is to answer, as flags say it, and what is done for the answers. */
export type AnswererOptions = Pick<RunCommandOptions, 'provider' | 'model' | 'baseUrl' | 'resilience' | 'stores'>;

/** Makes executors whose model is connected once, for many questions. */
export interface Answerer {
  /** Who answers: the provider and the model. */
  readonly name: string;
  executor(graph: Graph): GraphExecutor;
}

/** Connects the model that many questions are put to, until the command has ended. Throws what `connectModels` throws. */
export async function openAnswerer(options: AnswererOptions, context: CommandContext): Promise<Answerer> {
  const { cache } = openStores(options.stores, context);
  const { default: client } = await connectRunModels(options, context, { cache });
  return {
    name: `${client.provider}, model ${client.model}`,
    executor: (graph) => new GraphExecutor(graph, { model: client }),
  };
}
