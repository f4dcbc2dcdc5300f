/** What `@TrackRequest` is told of every client: the model is its own, and the request says for which graph it is. */
export const tracked = {
  model: (self: { readonly model: string }) => self.model,
  graph: (_self: unknown, [request]: readonly [{ readonly graph?: string }]) => request.graph,
} as const;
