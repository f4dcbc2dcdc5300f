import type { ChatMessage, FinishReason, ModelClient, ModelRequest, TokenUsage } from '../models/model-client.js';
import type { NodeTrace } from './run-result.js';

/** What travels from node to node; a node hands on a new one and leaves its own untouched. */
export interface Message {
  /** The user's words. */
  readonly question: string;
  /** What tools and models found so far, by the id of the node that found it, oldest first. */
  readonly results: ReadonlyMap<string, string>;
  /** The latest result, which the exit answers with; undefined until there is one. */
  readonly answer: string | undefined;
  /** The ids of results that a later result was made of; models see those only where a template places them. */
  readonly covered?: ReadonlySet<string>;
  /** What each node did so far, oldest first; kept by the executor. */
  readonly trace?: readonly NodeTrace[];
}

/** What a caller asks of the answer, as far as a model gives it. */
export type AnswerSettings = Pick<ModelRequest, 'maxTokens' | 'temperature'>;

/** Takes a piece of an answer. If it returns a promise, wait for that before the next piece: its reader is slow. */
export type TextListener = (text: string) => unknown;

/** What a node may use while it works. */
export interface NodeContext {
  /** The graph's name; the `graph` label of the node's metrics. */
  readonly graph: string;
  /** The model the node's settings name, or else the run's. */
  readonly model: ModelClient;
  /** Earlier turns of the conversation, oldest first, for models to be told of. */
  readonly history?: readonly ChatMessage[];
  /** Ends the run early. */
  readonly signal?: AbortSignal;
  /** What the caller asks of the answer; there only for a node whose answer is the run's. */
  readonly answer?: AnswerSettings;
  /** Takes the pieces of an answer as they come; there only for a node whose answer is the run's. */
  readonly onText?: TextListener;
  /** Runs nodes the node declares in its `calls`; there in every run of an executor. */
  readonly runChain?: ChainRunner;
}

/**
 * Runs nodes of the graph one after the other, and hands back what the last one made of the message.
 *
 * Ends early at a node that takes the route `fail`. Throws what a node throws, and what ends a run.
 */
export type ChainRunner = (nodes: readonly string[], message: Message, options: ChainOptions) => Promise<ChainOutcome>;

/** How to run a chain of nodes. */
export interface ChainOptions {
  /** What the trace calls it: `round 2`. */
  readonly name: string;
  /** Ends it early; to be made of the context's own signal. Default that. */
  readonly signal?: AbortSignal;
}

/** How a chain of nodes went. */
export interface ChainOutcome {
  readonly message: Message;
  /** The latest route one of its nodes took. */
  readonly route?: string;
}

/** What a node made of its message. */
export interface NodeOutcome {
  readonly message: Message;
  /** The `when` of the edge to follow; without it the edge that has none. */
  readonly route?: string;
  /** One line for the trace. */
  readonly note?: string;
  /** Why its model ended its answer, where one did. */
  readonly finishReason?: FinishReason;
  /** The tokens of the node's own requests, not of the nodes it ran. */
  readonly usage?: TokenUsage;
  /** What its own requests cost in US dollars, where they have a price. */
  readonly costUsd?: number;
  /** Who answered its own requests, where that is not the context's model. */
  readonly model?: string;
  /** Whose model that was, where it is not the context's. */
  readonly provider?: string;
}

/** A place in a node's settings that speaks of another node's result. */
export interface ResultReference {
  /** The setting it stands in. */
  readonly setting: string;
  /** The id of the node whose result is meant. */
  readonly node: string;
  /** How the settings put it; default `{{results.<node>}}`. */
  readonly words?: string;
}

/** Nodes that a node runs itself, one after the other, instead of being led on to by edges. */
export interface NodeCall {
  /** The setting they stand in, as keys and indexes from the node's own. */
  readonly setting: readonly PropertyKey[];
  readonly nodes: readonly string[];
  /** Whether they are run several times in one execution, each time on what came of the time before. Default false. */
  readonly repeats?: boolean;
  /** Whether they must have run before the node does, because it runs them anew. Default false. */
  readonly anew?: boolean;
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
  /** The other nodes it runs itself. */
  readonly calls?: readonly NodeCall[];
  /** The named model it asks, of the graph's `models`; without it the run's own. */
  readonly modelName?: string;

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
