import type { Graph } from '@tinyllm/executor';
import { GraphExecutor } from '@tinyllm/executor';
import type { CommandContext } from '../command/command-context.js';
import type { RunCommandOptions } from '../flags/run-options.js';
import { connectRunModels } from './connect-run-models.js';
import { openStores } from './open-stores.js';

/** The flags of models, resilience and stores. */
export type ConnectedExecutorOptions = Pick<
  RunCommandOptions,
  'provider' | 'model' | 'baseUrl' | 'resilience' | 'stores'
>;

/** A graph executor with connected models. */
export interface ConnectedExecutor {
  /** The provider and the model, for messages. */
  readonly name: string;
  readonly executor: GraphExecutor;
}

/** Connects the models of a graph until the command ends. Throws the errors of `connectModels`. */
export async function connectExecutor(
  graph: Graph,
  options: ConnectedExecutorOptions,
  context: CommandContext,
): Promise<ConnectedExecutor> {
  const { cache } = openStores(options.stores, context, graph.cache);
  const models = await connectRunModels(options, context, { settings: graph.models, cache });
  return {
    name: `${models.default.provider}, model ${models.default.model}`,
    executor: new GraphExecutor(graph, { model: models.default, models }),
  };
}
