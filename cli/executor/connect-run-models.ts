import { CachedClient } from '../../lib/executor/models/cached-client.js';
import { type ConnectedModels, connectModels } from '../../lib/executor/models/connect-models.js';
import type { ModelClient } from '../../lib/executor/models/model-client.js';
import type { ModelSettings } from '../../lib/executor/models/model-settings.js';
import type { ResponseCache } from '../../lib/executor/stores/response-cache.js';
import type { RunCommandOptions } from '../flags/run-options.js';
import type { CommandContext } from '../program/command-context.js';

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
  context: Pick<CommandContext, 'afterwards'>,
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
    ...(cache === undefined ? {} : { cache: (client, scope) => cached(client, cache, scope) }),
  });
  context.afterwards(() => models.close());
  return models;
}

/** A server keeps its own models under names that another may use as well. */
function cached(client: ModelClient, cache: ResponseCache, scope: string): ModelClient {
  return new CachedClient(client, { cache, scope: `${client.url ?? ''} ${scope}` });
}
