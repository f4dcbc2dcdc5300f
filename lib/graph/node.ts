import type { ChatMessage, ModelClient, TokenUsage } from '../models/model-client.js';

/** What travels from node to node; a node hands on a new one and leaves its own untouched. */
export interface Message {
  /** The user's words. */
  readonly question: string;
  /** What tools and models found so far, by the id of the node that found it, oldest first. */
  readonly results: ReadonlyMap<string, string>;
  /** The latest result, which the exit answers with; undefined until there is one. */
  readonly answer: string | undefined;
}

/** What a node may use while it works. */
export interface NodeContext {
  /** The graph's name; the `graph` label of the node's metrics. */
  readonly graph: string;
  readonly model: ModelClient;
  /** Earlier turns of the conversation, oldest first, for models to be told of. */
  readonly history?: readonly ChatMessage[];
  /** Ends the run early. */
  readonly signal?: AbortSignal;
  /** Takes the pieces of an answer as they come; there only for a node whose answer is the run's. */
  readonly onText?: (text: string) => void;
}

/** What a node made of its message. */
export interface NodeOutcome {
  readonly message: Message;
  /** The `when` of the edge to follow; without it the edge that has none. */
  readonly route?: string;
  /** One line for the trace. */
  readonly note?: string;
  readonly usage?: TokenUsage;
}

/** A place in a node's settings that speaks of another node's result. */
export interface ResultReference {
  /** The setting it stands in. */
  readonly setting: string;
  /** The id of the node whose result is meant. */
  readonly node: string;
}

/** One step of a graph. */
export interface GraphNode {
  /** Unique in its graph; the `node` label of its metrics. */
  readonly id: string;
  readonly kind: string;
  /** The routes it chooses from; without it the node has one way out. */
  readonly routes?: readonly string[];
  /** The other nodes' results its settings speak of. */
  readonly references?: readonly ResultReference[];

  /** Set on a node that only leads on, and never leaves a result. */
  readonly leavesNoResult?: boolean;

  /**
   * Loads what it works with, before its time is taken; may be left out.
   *
   * A run does not fail by it: what cannot be loaded shows when the node executes, and counts there.
   */
  prepare?(): Promise<unknown>;

  /** Does its work. Throws what its model or tool throws, and a `GraphRunError` of its own. */
  execute(message: Message, context: NodeContext): Promise<NodeOutcome>;
}
