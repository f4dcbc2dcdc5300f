import { GraphExecutor } from '../lib/graph/executor.js';
import type { Graph } from '../lib/graph/graph.js';
import { selectModelClient } from '../lib/models/select-model.js';

/** Who is to answer, as flags say it. */
export interface AnswererOptions {
  /** Default Ollama when it answers, else embedded. */
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  /** Where the model's server is; default what the provider's variable says. */
  readonly baseUrl?: string | undefined;
}

/** Makes executors whose model is connected once, for many questions. */
export interface Answerer {
  /** Who answers: the provider and the model. */
  readonly name: string;
  executor(graph: Graph): GraphExecutor;
}

/** Connects the model that many questions are put to. Throws what `selectModelClient` throws. */
export async function openAnswerer({ provider, model, baseUrl }: AnswererOptions): Promise<Answerer> {
  const client = await selectModelClient({
    ...(provider === undefined ? {} : { provider }),
    ...(model === undefined ? {} : { model }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
  });
  return {
    name: `${client.provider}, model ${client.model}`,
    executor: (graph) => new GraphExecutor(graph, { model: client }),
  };
}
