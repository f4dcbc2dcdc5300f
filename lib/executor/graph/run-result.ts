import type { FinishReason } from '../models/model-client.js';

/** One node a run passed. */
export interface NodeTrace {
  readonly node: string;
  readonly kind: string;
  /** How long the node took, what it ran itself included. */
  readonly seconds: number;
  /** The tokens of the node and of what it ran itself. */
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** What that cost in US dollars, where prices are known. */
  readonly costUsd?: number;
  /** The model that answered the node, where one did. */
  readonly model?: string;
  /** The route a router took and by what, what a tool found, how a gate, fanout or loop went. */
  readonly note?: string;
  /** Why the node failed; the run goes on past it only from a branch whose failure its fanout skips. */
  readonly error?: string;
  /** What the node ran itself, in the order it began: the branches of a fanout, the rounds of a loop. */
  readonly parts?: readonly TracePart[];
}

/** Some nodes that another node ran, one after the other. */
export interface TracePart {
  /** The branch's name, `round 2`, `retry 1` or `fallback`. */
  readonly name: string;
  readonly trace: readonly NodeTrace[];
}

/** What came of a run. */
export interface RunResult {
  readonly answer: string;
  /** Why the model that gave the answer ended it; left out when no model did, or when nodes gave it that another node ran. */
  readonly finishReason?: FinishReason;
  /** The graph's name. */
  readonly graph: string;
  /** Who answered last. */
  readonly provider: string;
  readonly model: string;
  /** The nodes passed, in order. */
  readonly trace: readonly NodeTrace[];
  /** The tokens of all nodes; a provider that does not say counts as 0. */
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
  /** What all nodes cost in US dollars; left out when no model has a price. */
  readonly costUsd?: number;
  /** How long the run took. */
  readonly seconds: number;
}
