import type { Graph } from '@tinyllm/executor';
import { GraphExecutor } from '@tinyllm/executor';
import type { CommandContext } from '../command/command-context.js';
import type { RunCommandOptions } from '../flags/run-options.js';
import { connectRunModels } from './connect-run-models.js';
import { openStores } from './open-stores.js';

/** Who is to answer, as flags say it, and what is done for the answers. */
export type AnswererOptions = Pick<RunCommandOptions, 'provider' | 'model' | 'baseUrl' | 'resilience' | 'stores'>;

/** Answers many questions, with models that are connected once. */
export interface Answerer {
  /** Who answers: the provider and the model. */
  readonly name: string;
  readonly executor: GraphExecutor;
}

/** Connects the models of a graph until the command has ended. Throws what `connectModels` throws. */
export async function openAnswerer(graph: Graph, options: AnswererOptions, context: CommandContext): Promise<Answerer> {
  const { cache } = openStores(options.stores, context, graph.cache);
  const models = await connectRunModels(options, context, { settings: graph.models, cache });
  return {
    name: `${models.default.provider}, model ${models.default.model}`,
    executor: new GraphExecutor(graph, { model: models.default, models }),
  };
}
