import type { ModelClient, ModelSettings, ResponseCache } from '@tinyllm/executor';
import { CachedClient, type ConnectedModels, connectModels } from '@tinyllm/executor';
import type { CommandContext } from '../command/command-context.js';
import type { RunCommandOptions } from '../flags/run-options.js';
import { warnOnce } from './open-stores.js';

/** Which models a run may ask: what its flags say, before what its graph file says. */
export type RunModels = Pick<RunCommandOptions, 'provider' | 'model' | 'baseUrl' | 'resilience'>;

/** What a run's models are connected with. */
export interface RunModelsOptions {
  /** What the graph file says of models, by name. */
  readonly settings?: Readonly<Record<string, ModelSettings>> | undefined;
  /** Where answers are kept. */
  readonly cache?: ResponseCache | undefined;
}

/** Connects the models of a run, and closes them after it. Throws what `connectModels` throws. */
export async function connectRunModels(
  { provider, model, baseUrl, resilience = {} }: RunModels,
  context: Pick<CommandContext, 'afterwards' | 'output'>,
  { settings, cache }: RunModelsOptions = {},
): Promise<ConnectedModels> {
  const selection = {
    ...(provider === undefined ? {} : { provider }),
    ...(model === undefined ? {} : { model }),
    ...(baseUrl === undefined ? {} : { base_url: baseUrl }),
  };
  const models = await connectModels({
    models: settings,
    overrides: { selection, ...resilience },
    onStoreProblem: warnOnce(context, 'this process now limits only its own requests'),
    ...(cache === undefined ? {} : { cache: (client, scope) => cached(client, cache, scope) }),
  });
  context.afterwards(() => models.close());
  return models;
}

/** A server keeps its own models under names that another may use as well. */
function cached(client: ModelClient, cache: ResponseCache, scope: string): ModelClient {
  return new CachedClient(client, { cache, scope: `${client.url ?? ''} ${scope}` });
}
