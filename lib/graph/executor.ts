import { TrackGraph } from '../decorators/track-graph.js';
import { GraphRunError } from '../errors.js';
import type { ChatMessage, ModelClient } from '../models/model-client.js';
import type { Graph } from './graph.js';
import type { GraphNode, Message, NodeContext, NodeOutcome } from './node.js';
import type { NodeTrace, RunResult } from './run-result.js';

/** What an executor works with. */
export interface GraphExecutorOptions {
  /** Answers for every model node. */
  readonly model: ModelClient;
  /** Seconds on a clock that never goes back; default the process's own. */
  readonly clock?: () => number;
}

/** What a run may be given besides its question. */
export interface RunOptions {
  /** Ends the run early: between nodes, and in a model's call. The run then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Earlier turns of the conversation, oldest first; every model node's model is told of them. */
  readonly history?: readonly ChatMessage[];
  /** Takes the answer piece by piece as the model gives it; the pieces joined are the answer. */
  readonly onText?: (text: string) => void;
  /** Takes each node's trace as the node ends, that of a failed node too. */
  readonly onNode?: (trace: NodeTrace) => void;
}

/** Runs questions through a graph; one executor can run many at a time. */
export class GraphExecutor {
  readonly #model: ModelClient;
  readonly #clock: () => number;

  constructor(
    readonly graph: Graph,
    { model, clock = () => performance.now() / 1000 }: GraphExecutorOptions,
  ) {
    this.#model = model;
    this.#clock = clock;
  }

  /**
   * Answers a question by leading it from the graph's entry to an exit.
   *
   * Throws what a node threw, unchanged; the signal's reason; or a `GraphRunError` when the run has no edge to
   * follow or more steps than the graph allows.
   */
  @TrackGraph({ graph: (self) => self.graph.name })
  async execute(question: string, options: RunOptions = {}): Promise<RunResult> {
    const started = this.#clock();
    const trace: NodeTrace[] = [];
    let pieces = 0;
    const onText = (text: string): void => {
      pieces++;
      options.onText?.(text);
    };
    const context: NodeContext = {
      graph: this.graph.name,
      model: this.#model,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      ...(options.history === undefined ? {} : { history: options.history }),
    };
    let message: Message = { question, results: new Map(), answer: undefined };
    let node: GraphNode | undefined = this.#entry();
    while (node !== undefined) {
      options.signal?.throwIfAborted();
      this.#refuseEndlessRun(trace.length);
      const streams = options.onText !== undefined && this.#answersLast(node);
      const outcome = await this.#pass(node, message, streams ? { ...context, onText } : context, (passed) => {
        trace.push(passed);
        options.onNode?.(passed);
      });
      message = outcome.message;
      node = node.kind === 'exit' ? undefined : this.#next(node, outcome);
    }
    const answer = message.answer ?? '';
    // A tool's answer, or one that a node rewrote, never was in pieces.
    if (pieces === 0 && answer !== '') options.onText?.(answer);
    return {
      answer,
      graph: this.graph.name,
      provider: this.#model.provider,
      model: this.#model.model,
      trace,
      usage: {
        inputTokens: trace.reduce((sum, { inputTokens = 0 }) => sum + inputTokens, 0),
        outputTokens: trace.reduce((sum, { outputTokens = 0 }) => sum + outputTokens, 0),
      },
      seconds: this.#clock() - started,
    };
  }

  /** Passes one node, and reports how that went before the outcome or the error goes on. */
  async #pass(
    node: GraphNode,
    message: Message,
    context: NodeContext,
    report: (trace: NodeTrace) => void,
  ): Promise<NodeOutcome> {
    await node.prepare?.().catch(() => undefined);
    context.signal?.throwIfAborted();
    const started = this.#clock();
    const passed = () => ({ node: node.id, kind: node.kind, seconds: this.#clock() - started });
    let outcome: NodeOutcome;
    try {
      outcome = await node.execute(message, context);
    } catch (error) {
      report({ ...passed(), error: error instanceof Error ? error.message : String(error) });
      throw error;
    }
    const { note, usage: { inputTokens, outputTokens } = {} } = outcome;
    report({
      ...passed(),
      ...(inputTokens === undefined ? {} : { inputTokens }),
      ...(outputTokens === undefined ? {} : { outputTokens }),
      ...(note === undefined ? {} : { note }),
    });
    return outcome;
  }

  #entry(): GraphNode {
    const { entry, name, nodes } = this.graph;
    const node = nodes.get(entry);
    if (node !== undefined) return node;
    throw new GraphRunError(`The graph ${name} has no node "${entry}" to enter by; name one of its nodes.`);
  }

  #refuseEndlessRun(steps: number): void {
    const { name, limits } = this.graph;
    if (steps < limits.steps) return;
    throw new GraphRunError(
      `The run of ${name} took ${steps} steps and has not ended; raise limits.steps, or shorten the way.`,
    );
  }

  /** Whether all that can come after a node is an exit, so that its answer is the run's. */
  #answersLast(node: GraphNode): boolean {
    const { edges, nodes } = this.graph;
    const outgoing = edges.filter(({ from }) => from === node.id);
    return outgoing.length > 0 && outgoing.every(({ to }) => nodes.get(to)?.kind === 'exit');
  }

  #next(node: GraphNode, { route }: NodeOutcome): GraphNode {
    const edge = this.graph.edges.find(({ from, when }) => from === node.id && when === route);
    const next = edge === undefined ? undefined : this.graph.nodes.get(edge.to);
    if (next !== undefined) return next;
    const way = route === undefined ? 'out of it' : `for its route "${route}"`;
    throw new GraphRunError(`The run of ${this.graph.name} ends at ${node.id}: there is no edge ${way}; add one.`);
  }
}
