import type { ModelClient, ModelSettings, ResponseCache } from '@tinyllm/executor';
import { CachedClient, type ConnectedModels, connectModels } from '@tinyllm/executor';
import type { CommandContext } from '../command/command-context.js';
import type { RunCommandOptions } from '../flags/run-options.js';
import { warnOnce } from './open-stores.js';

/** The model flags of a run. They take precedence over the graph file. */
export type RunModels = Pick<RunCommandOptions, 'provider' | 'model' | 'baseUrl' | 'resilience'>;

/** Further settings of the models of a run. */
export interface RunModelsOptions {
  /** The model settings of the graph file, by name. */
  readonly settings?: Readonly<Record<string, ModelSettings>> | undefined;
  /** The cache of answers. */
  readonly cache?: ResponseCache | undefined;
}

/** Connects the models of a run, and closes them after the command. Throws the errors of `connectModels`. */
export async function connectRunModels(
  { provider, model, baseUrl, resilience = {} }: RunModels,
  context: Pick<CommandContext, 'defer' | 'output'>,
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
  context.defer(() => models.close());
  return models;
}

/** The cache scope contains the URL, because different servers may use the same model name. */
function cached(client: ModelClient, cache: ResponseCache, scope: string): ModelClient {
  return new CachedClient(client, { cache, scope: `${client.url ?? ''} ${scope}` });
}
