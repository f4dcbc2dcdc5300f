import type { ModelClient } from './model-client.js';

/** Options of `@TrackRequest` for the methods of a `ModelClient`. */
export const tracked = {
  /** The client's own model. */
  model: (self: Pick<ModelClient, 'model' | 'provider'>) => self.model,
  /** The graph that the request names. */
  graph: (_self: unknown, [request]: readonly [{ readonly graph?: string }]) => request.graph,
  /** Labels that are used only if the application declares them. */
  labels: {
    /** The client's own provider. */
    provider: (self: Pick<ModelClient, 'model' | 'provider'>) => self.provider,
  },
} as const;
