import type { FinishReason } from '../models/model-client.js';

/** The trace of one executed node. */
export interface NodeTrace {
  readonly node: string;
  readonly kind: string;
  /** Duration in seconds, including nodes that it ran itself. */
  readonly seconds: number;
  /** The input tokens of the node and of nodes that it ran itself. */
  readonly inputTokens?: number;
  /** The output tokens of the node and of nodes that it ran itself. */
  readonly outputTokens?: number;
  /** The cost in US dollars, if prices are known. */
  readonly costUsd?: number;
  /** The model that answered, if the node used a model. */
  readonly model?: string;
  /** A short note, such as the route of a router, the result of a tool, or the outcome of a gate, fanout or loop. */
  readonly note?: string;
  /**
   * Why the node failed. The run continues only if the node is in a branch that its fanout skips or no longer needs.
   */
  readonly error?: string;
  /**
   * Chains of other nodes that the node ran directly, in the order of their start: branches of a fanout, rounds of a
   * loop, retries and the fallback of a gate.
   */
  readonly parts?: readonly TracePart[];
}

/** A chain of nodes that another node ran. */
export interface TracePart {
  /** The name of a branch of a fanout, or `round N`, `retry N` or `fallback`. */
  readonly name: string;
  readonly trace: readonly NodeTrace[];
}

/** The result of a run. */
export interface RunResult {
  readonly answer: string;
  /**
   * Why the model ended the answer. Not set if no model generated the answer, or if the answer comes from a nested
   * node.
   */
  readonly finishReason?: FinishReason;
  /** The name of the graph. */
  readonly graph: string;
  /** The provider of the last request. */
  readonly provider: string;
  /** The model of the last request. */
  readonly model: string;
  /** The executed nodes, in order. */
  readonly trace: readonly NodeTrace[];
  /** The tokens of all nodes. Requests without reported usage count as 0. */
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
  /** The cost of all nodes in US dollars. Not set if no model has a price. */
  readonly costUsd?: number;
  /** Duration of the run in seconds. */
  readonly seconds: number;
}
