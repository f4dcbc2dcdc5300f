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
import { settledOrLeft } from './settled-or-left.js';

/** Models by the names a graph file gives them. */
export interface NamedModels {
  /** Throws when no model has the name. */
  get(name: string): ModelClient;
}

/** What a run works with. */
export interface GraphRunOptions {
  readonly model: ModelClient;
  readonly models?: NamedModels | undefined;
  readonly clock: () => number;
  readonly history?: readonly ChatMessage[] | undefined;
}

/** Where in a run a node is passed. */
export interface Passage {
  readonly signal: AbortSignal | undefined;
  readonly onText?: TextListener | undefined;
  readonly answer?: AnswerSettings | undefined;
  /** How many nodes run this one: 0 on the way that the edges make. */
  readonly depth: number;
  readonly record: (trace: NodeTrace) => void;
}

/** How long a node may take to end after an abort, in milliseconds; what it runs itself has half of that. */
const grace = 400;

/** One run of a graph: passes its nodes, keeps what they use within the limits, and remembers who answered last. */
export class GraphRun {
  readonly budget: RunBudget;
  readonly #graph: Graph;
  readonly #options: GraphRunOptions;
  #answeredBy: { readonly provider: string; readonly model: string };

  constructor(graph: Graph, options: GraphRunOptions) {
    this.#graph = graph;
    this.#options = options;
    this.budget = new RunBudget(graph.name, graph.limits);
    this.#answeredBy = { provider: options.model.provider, model: options.model.model };
  }

  /** The model that was last asked; the run's own when none was. */
  get answeredBy(): { readonly provider: string; readonly model: string } {
    return this.#answeredBy;
  }

  /** Passes one node, and records how that went before the outcome or the error goes on. */
  async pass(node: GraphNode, message: Message, passage: Passage): Promise<NodeOutcome> {
    const { signal, depth, record } = passage;
    signal?.throwIfAborted();
    this.budget.step();
    // What a node runs itself is part of its time, but for what all of that loads.
    if (depth === 0) await settledOrLeft(this.#prepare(node), signal, grace);
    signal?.throwIfAborted();
    const started = this.#options.clock();
    const parts: TracePart[] = [];
    const passed = () => ({ node: node.id, kind: node.kind, seconds: this.#options.clock() - started });
    let outcome: NodeOutcome;
    let model: ModelClient;
    try {
      model = this.#modelOf(node);
      const context = this.#context(model, passage, parts);
      outcome = await settledOrLeft(execute(node, message, context), signal, grace / 2 ** depth);
    } catch (error) {
      record({ ...passed(), ...traced(parts), error: error instanceof Error ? error.message : String(error) });
      throw error;
    }
    if (outcome.usage !== undefined) {
      this.#answeredBy = { provider: outcome.provider ?? model.provider, model: outcome.model ?? model.model };
    }
    const trace = {
      ...passed(),
      ...traced(parts, outcome),
      ...(outcome.usage === undefined ? {} : { model: outcome.model ?? model.model }),
      ...(outcome.note === undefined ? {} : { note: outcome.note }),
    };
    record(trace);
    this.budget.spend(node.id, outcome, isFree(outcome, model));
    return { ...outcome, message: { ...outcome.message, trace: [...(message.trace ?? []), trace] } };
  }

  async #prepare(node: GraphNode): Promise<void> {
    const together = new Set([node]);
    for (const { calls = [] } of together) {
      for (const id of calls.flatMap((call) => call.nodes)) {
        const member = this.#graph.nodes.get(id);
        if (member !== undefined) together.add(member);
      }
    }
    // What cannot be loaded shows when its node executes.
    await Promise.allSettled([...together].map((one) => one.prepare?.()));
  }

  async #chain(
    nodes: readonly string[],
    message: Message,
    passage: Omit<Passage, 'onText' | 'answer'>,
  ): Promise<ChainOutcome> {
    let reached: ChainOutcome = { message };
    for (const id of nodes) {
      const node = this.#graph.nodes.get(id);
      if (node === undefined) {
        throw new GraphRunError(`The graph ${this.#graph.name} has no node "${id}" to run; name one of its nodes.`);
      }
      const outcome = await this.pass(node, reached.message, passage);
      const route = outcome.route ?? reached.route;
      reached = { message: outcome.message, ...(route === undefined ? {} : { route }) };
      if (outcome.route === 'fail') break;
    }
    return reached;
  }

  #context(model: ModelClient, { signal, onText, answer, depth }: Passage, parts: TracePart[]): NodeContext {
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
        const passage = {
          signal: options.signal ?? signal,
          depth: depth + 1,
          record: (passed: NodeTrace) => void trace.push(passed),
        };
        return this.#chain(nodes, message, passage);
      },
    };
  }

  #modelOf({ id, modelName }: GraphNode): ModelClient {
    const { model, models } = this.#options;
    if (modelName === undefined) return model;
    if (models !== undefined) return models.get(modelName);
    if (modelName === 'default') return model;
    throw new GraphRunError(
      `${id} asks the model "${modelName}", but the executor was given no models; hand it \`models\`, or take \`model\` off ${id}.`,
    );
  }
}

/** A node may throw at once, too. */
async function execute(node: GraphNode, message: Message, context: NodeContext): Promise<NodeOutcome> {
  return node.execute(message, context);
}

/** What is computed in process, and what a cache answers, costs nothing. */
function isFree({ usage, model: answeredBy }: NodeOutcome, model: ModelClient): boolean {
  const tokens = (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0);
  return tokens === 0 || answeredBy === embeddedName || !isLanguageModel(model);
}

type Spent = Pick<NodeTrace, 'inputTokens' | 'outputTokens' | 'costUsd'>;

/** What a node and its parts spent, where that is known, and its parts. */
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
