import type { ChatMessage, FinishReason, ModelClient, ModelRequest, TokenUsage } from '../models/model-client.js';
import type { NodeTrace } from './run-result.js';

/** The state that nodes pass on. A node returns a new message and does not change the message that it received. */
export interface Message {
  /** The question of the user. */
  readonly question: string;
  /** The results so far by node ID, in the order in which the IDs were added. */
  readonly results: ReadonlyMap<string, string>;
  /** The latest result, which the exit returns. `undefined` until there is a result. */
  readonly answer: string | undefined;
  /**
   * The IDs of nodes whose results are part of a later result. A model receives these results only if its template
   * names them.
   */
  readonly covered?: ReadonlySet<string>;
  /** The traces of the nodes so far, oldest first. The executor maintains them. */
  readonly trace?: readonly NodeTrace[];
}

/** Settings of the caller for the model that generates the answer. */
export type AnswerSettings = Pick<ModelRequest, 'maxTokens' | 'temperature'>;

/**
 * Receives a piece of an answer. It returns a promise if the reader is slow. Wait for this promise before you pass the
 * next piece.
 */
export type TextListener = (text: string) => unknown;

/** The environment in which a node executes. */
export interface NodeContext {
  /** The name of the graph, used as the `graph` label of the node's metrics. */
  readonly graph: string;
  /** The model in the node's settings. Default: the model of the run. */
  readonly model: ModelClient;
  /** Earlier turns of the conversation, oldest first. */
  readonly history?: readonly ChatMessage[];
  /** Cancels the run. */
  readonly signal?: AbortSignal;
  /** Settings for the answer. Set only for a node whose answer is the answer of the run. */
  readonly answer?: AnswerSettings;
  /** Receives the pieces of the answer. Set only for a node whose answer is the answer of the run. */
  readonly onText?: TextListener;
  /** Runs nodes that the node declares in `calls`. Always set in runs of an executor. */
  readonly runChain?: ChainRunner;
}

/**
 * Runs nodes of the graph one after the other, and returns the message of the last one.
 *
 * Stops after a node that takes the route `fail`. Throws the errors of nodes, exceeded limits and aborts.
 */
export type ChainRunner = (nodes: readonly string[], message: Message, options: ChainOptions) => Promise<ChainOutcome>;

/** Options for running a chain of nodes. */
export interface ChainOptions {
  /** The name in the trace, such as `round 2`. */
  readonly name: string;
  /**
   * Cancels the chain; default the signal of the context. If you pass another signal, it must also abort when the
   * signal of the context aborts.
   */
  readonly signal?: AbortSignal;
}

/** The outcome of a chain of nodes. */
export interface ChainOutcome {
  readonly message: Message;
  /** The latest route that a node of the chain took. */
  readonly route?: string;
}

/** The outcome of a node. */
export interface NodeOutcome {
  readonly message: Message;
  /** The `when` of the edge to follow. If undefined, the run follows the edge that has no `when`. */
  readonly route?: string;
  /** One line for the trace. */
  readonly note?: string;
  /** Why the model ended its answer, if known. */
  readonly finishReason?: FinishReason;
  /** The tokens of the node's own requests, without those of nodes that it ran. */
  readonly usage?: TokenUsage;
  /** The cost of the node's own requests in US dollars, if they have a price. */
  readonly costUsd?: number;
  /** The model that answered the node's own requests, if it is not the model of the context. */
  readonly model?: string;
  /** The provider of that model, if it is not the provider of the context's model. */
  readonly provider?: string;
}

/** A setting of a node that refers to the result of another node. */
export interface ResultReference {
  /** The key of the setting. */
  readonly setting: string;
  /** The ID of the referenced node. */
  readonly node: string;
  /** The reference as written in the settings, for errors; default `{{results.<node>}}`. */
  readonly words?: string;
}

/** Nodes that another node runs directly, one after the other, independently of edges. */
export interface NodeCall {
  /** The path of the setting that names the nodes: keys and indexes in the settings of the node. */
  readonly setting: readonly PropertyKey[];
  readonly nodes: readonly string[];
  /**
   * Whether one execution can run the nodes several times. Each repetition starts with the message that the previous
   * one returned. Default false.
   */
  readonly repeats?: boolean;
  /** Whether this is a retry: the nodes must have run before this node. Default false. */
  readonly anew?: boolean;
}

/** One step of a graph. */
export interface GraphNode {
  /** The unique ID in the graph, used as the `node` label of the node's metrics. */
  readonly id: string;
  readonly kind: string;
  /** The routes of the node. Without routes, the node has one outgoing edge. */
  readonly routes?: readonly string[];
  /** The results of other nodes that the settings refer to. */
  readonly references?: readonly ResultReference[];
  /** The other nodes that this node runs directly, without edges. */
  readonly calls?: readonly NodeCall[];
  /** The name of the node's model in the graph's `models`; default the model of the run. */
  readonly modelName?: string;

  /** True for a node that never has a result. */
  readonly leavesNoResult?: boolean;

  /**
   * Loads what the node needs, before its duration is measured. Optional.
   *
   * A rejection is ignored. The node should fail in `execute` instead, where the failure is counted.
   */
  prepare?(): Promise<unknown>;

  /** Executes the node. Throws errors of its model or tool, or a `GraphRunError`. */
  execute(message: Message, context: NodeContext): Promise<NodeOutcome>;
}
