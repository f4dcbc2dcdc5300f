/** One node a run passed. */
export interface NodeTrace {
  readonly node: string;
  readonly kind: string;
  /** How long the node took. */
  readonly seconds: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** The route a router took, or what a tool found. */
  readonly note?: string;
  /** Why the node failed; it is then the last one of its run. */
  readonly error?: string;
}

/** What came of a run. */
export interface RunResult {
  readonly answer: string;
  /** The graph's name. */
  readonly graph: string;
  /** Who answered. */
  readonly provider: string;
  readonly model: string;
  /** The nodes passed, in order. */
  readonly trace: readonly NodeTrace[];
  /** The tokens of all nodes; a provider that does not say counts as 0. */
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
  /** How long the run took. */
  readonly seconds: number;
}
