import type { ModelClient } from './model-client.js';

/** The fields of a client that are labels. */
type TrackedClient = Pick<ModelClient, 'model' | 'provider'>;

/** Options of `@TrackRequest` for the methods of a `ModelClient`. */
export const tracked = {
  /** The client's own model. */
  model: ({ model }: TrackedClient) => model,
  /** The graph that the request names, if any. */
  graph: (_self: unknown, [request]: readonly [{ readonly graph?: string }]) => request.graph ?? null,
  /** Labels that are used only if the application declares them. */
  labels: {
    /** The client's own provider. */
    provider: ({ provider }: TrackedClient) => provider,
  },
} as const;
