import { GraphRunError } from '../errors/graph-errors.js';
import { embeddedName } from '../models/embedded-client.js';
import type { ChatMessage, ModelClient } from '../models/model-client.js';
import type { Graph } from './graph.js';
import { isLanguageModel } from './language-model.js';
import type {
  AnswerSettings,
  ChainOptions,
  ChainOutcome,
  GraphNode,
  Message,
  NodeContext,
  NodeOutcome,
  TextListener,
} from './node.js';
import { RunBudget } from './run-budget.js';
import type { NodeTrace, TracePart } from './run-result.js';
import { settleOrAbandon } from './settle-or-abandon.js';

/** Models by their names in a graph file. */
export interface NamedModels {
  /** Throws if no model has the name. */
  get(name: string): ModelClient;
}

/** Options for a run. */
export interface GraphRunOptions {
  readonly model: ModelClient;
  readonly models?: NamedModels | undefined;
  readonly clock: () => number;
  readonly history?: readonly ChatMessage[] | undefined;
}

/** Options for running one node. */
export interface NodeRunOptions {
  readonly signal: AbortSignal | undefined;
  readonly onText?: TextListener | undefined;
  readonly answer?: AnswerSettings | undefined;
  /** Nesting depth: 0 for nodes that follow edges, 1 for nodes that these nodes run, and so on. */
  readonly depth: number;
  readonly record: (trace: NodeTrace) => void;
}

/** How long the run waits for a node to end after an abort. The time is halved at each nesting level. */
const graceMilliseconds = 400;

/** One run of a graph: runs nodes and enforces the limits of the graph. */
export class GraphRun {
  readonly budget: RunBudget;
  readonly #graph: Graph;
  readonly #options: GraphRunOptions;
  #lastModel: { readonly provider: string; readonly model: string };

  constructor(graph: Graph, options: GraphRunOptions) {
    this.#graph = graph;
    this.#options = options;
    this.budget = new RunBudget(graph.name, graph.limits);
    this.#lastModel = { provider: options.model.provider, model: options.model.model };
  }

  /** The model of the last request, or the default model of the run if there was no request. */
  get lastModel(): { readonly provider: string; readonly model: string } {
    return this.#lastModel;
  }

  /** Runs one node, and records its trace before it returns or throws. */
  async runNode(node: GraphNode, message: Message, options: NodeRunOptions): Promise<NodeOutcome> {
    const { signal, depth, record } = options;
    signal?.throwIfAborted();
    this.budget.step();
    // The duration of a node includes the nodes that it runs. It does not include the time to load them.
    if (depth === 0) await settleOrAbandon(this.#prepare(node), signal, graceMilliseconds);
    signal?.throwIfAborted();
    const started = this.#options.clock();
    const parts: TracePart[] = [];
    const traceHead = () => ({ node: node.id, kind: node.kind, seconds: this.#options.clock() - started });
    let outcome: NodeOutcome;
    let model: ModelClient;
    try {
      model = this.#modelOf(node);
      const context = this.#context(model, options, parts);
      outcome = await settleOrAbandon(execute(node, message, context), signal, graceMilliseconds / 2 ** depth);
    } catch (error) {
      record({ ...traceHead(), ...traced(parts), error: error instanceof Error ? error.message : String(error) });
      throw error;
    }
    if (outcome.usage !== undefined) {
      this.#lastModel = { provider: outcome.provider ?? model.provider, model: outcome.model ?? model.model };
    }
    const trace = {
      ...traceHead(),
      ...traced(parts, outcome),
      ...(outcome.usage === undefined ? {} : { model: outcome.model ?? model.model }),
      ...(outcome.note === undefined ? {} : { note: outcome.note }),
    };
    record(trace);
    this.budget.spend(node.id, outcome, isFree(outcome, model));
    return { ...outcome, message: { ...outcome.message, trace: [...(message.trace ?? []), trace] } };
  }

  async #prepare(node: GraphNode): Promise<void> {
    const members = new Set([node]);
    for (const { calls = [] } of members) {
      for (const id of calls.flatMap((call) => call.nodes)) {
        const member = this.#graph.nodes.get(id);
        if (member !== undefined) members.add(member);
      }
    }
    // A node that cannot load fails when it executes.
    await Promise.allSettled([...members].map((one) => one.prepare?.()));
  }

  async #chain(
    nodes: readonly string[],
    message: Message,
    options: Omit<NodeRunOptions, 'onText' | 'answer'>,
  ): Promise<ChainOutcome> {
    let reached: ChainOutcome = { message };
    for (const id of nodes) {
      const node = this.#graph.nodes.get(id);
      if (node === undefined) {
        throw new GraphRunError(`The graph ${this.#graph.name} has no node "${id}" to run; name one of its nodes.`);
      }
      const outcome = await this.runNode(node, reached.message, options);
      const route = outcome.route ?? reached.route;
      reached = { message: outcome.message, ...(route === undefined ? {} : { route }) };
      if (outcome.route === 'fail') break;
    }
    return reached;
  }

  #context(model: ModelClient, { signal, onText, answer, depth }: NodeRunOptions, parts: TracePart[]): NodeContext {
    const { history } = this.#options;
    return {
      graph: this.#graph.name,
      model,
      ...(history === undefined ? {} : { history }),
      ...(signal === undefined ? {} : { signal }),
      ...(onText === undefined ? {} : { onText }),
      ...(answer === undefined ? {} : { answer }),
      runChain: (nodes, message, options: ChainOptions) => {
        const trace: NodeTrace[] = [];
        parts.push({ name: options.name, trace });
        const nodeOptions = {
          signal: options.signal ?? signal,
          depth: depth + 1,
          record: (nodeTrace: NodeTrace) => void trace.push(nodeTrace),
        };
        return this.#chain(nodes, message, nodeOptions);
      },
    };
  }

  #modelOf({ id, modelName }: GraphNode): ModelClient {
    const { model, models } = this.#options;
    if (modelName === undefined) return model;
    if (models !== undefined) return models.get(modelName);
    if (modelName === 'default') return model;
    throw new GraphRunError(
      `${id} uses the model "${modelName}", but the executor has no models; pass \`models\`, or remove \`model\` from ${id}.`,
    );
  }
}

/** Converts synchronous errors of a node to a rejected promise. */
async function execute(node: GraphNode, message: Message, context: NodeContext): Promise<NodeOutcome> {
  return node.execute(message, context);
}

/**
 * Whether the requests of a node are free: the embedded model computes in process, and cached answers use no tokens.
 */
function isFree({ usage, model: responseModel }: NodeOutcome, model: ModelClient): boolean {
  const tokens = (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0);
  return tokens === 0 || responseModel === embeddedName || !isLanguageModel(model);
}

type Spent = Pick<NodeTrace, 'inputTokens' | 'outputTokens' | 'costUsd'>;

/** The parts of a node for its trace, and the known usage and cost, summed over the node and its parts. */
function traced(parts: readonly TracePart[], own: Pick<NodeOutcome, 'usage' | 'costUsd'> = {}): Partial<NodeTrace> {
  const mine: { [Key in keyof Spent]: Spent[Key] | undefined } = { ...own.usage, costUsd: own.costUsd };
  const all = [mine, ...parts.flatMap(({ trace }) => trace)];
  const sum = (key: keyof Spent): Spent => {
    const known = all.map((spent) => spent[key]).filter((amount) => amount !== undefined);
    return known.length === 0 ? {} : { [key]: known.reduce((total, amount) => total + amount, 0) };
  };
  return {
    ...sum('inputTokens'),
    ...sum('outputTokens'),
    ...sum('costUsd'),
    ...(parts.length === 0 ? {} : { parts }),
  };
}
