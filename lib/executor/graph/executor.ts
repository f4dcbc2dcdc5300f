import { TrackGraph } from 'tinyllm';
import { withDefaultLabels } from 'tinyllm/recording';
import { GraphRunError } from '../errors/graph-errors.js';
import type { ChatMessage, ModelClient } from '../models/model-client.js';
import type { Graph } from './graph.js';
import { GraphRun, type NamedModels } from './graph-run.js';
import type { AnswerSettings, GraphNode, Message, NodeOutcome, TextListener } from './node.js';
import { RunDeadline } from './run-deadline.js';
import type { NodeTrace, RunResult } from './run-result.js';

/** Options for an executor. */
export interface GraphExecutorOptions {
  /** The model of every node that names no model. */
  readonly model: ModelClient;
  /** The models of nodes that name one. Required only if a node names a model. */
  readonly models?: NamedModels;
  /** Returns the time in seconds of a monotonic clock; default `performance.now`. */
  readonly clock?: () => number;
}

/** Options for one run. */
export interface RunOptions {
  /** Cancels the run, between nodes and during model calls. The run then rejects with the reason of the signal. */
  readonly signal?: AbortSignal;
  /** Earlier turns of the conversation, oldest first. Every model node sends them to its model. */
  readonly history?: readonly ChatMessage[];
  /** Settings for a model node directly before an exit; default the settings of its model. */
  readonly answer?: AnswerSettings;
  /**
   * Receives the pieces of the answer as the model generates them. The joined pieces are the answer. If it returns a
   * promise, the next piece is read when the promise resolves.
   */
  readonly onText?: TextListener;
  /** Called when a node ends or fails. The traces of nodes that it ran itself are in `parts`. */
  readonly onNode?: (trace: NodeTrace) => void;
}

/** Runs questions through a graph. One executor can run any number of questions concurrently. */
export class GraphExecutor {
  readonly #model: ModelClient;
  readonly #models: NamedModels | undefined;
  readonly #clock: () => number;

  constructor(
    readonly graph: Graph,
    { model, models, clock = () => performance.now() / 1000 }: GraphExecutorOptions,
  ) {
    this.#model = model;
    this.#models = models;
    this.#clock = clock;
  }

  /**
   * Answers a question by running the nodes from the graph's entry to an exit. Its metrics have the labels of the graph,
   * unless the caller sets them with `withLabels`.
   *
   * Throws errors of nodes unchanged, and the reason of the signal if aborted.
   *
   * @throws `GraphLimitError` if the run exceeds a limit of the graph.
   * @throws `GraphRunError` if a node has no matching edge.
   */
  async execute(question: string, options: RunOptions = {}): Promise<RunResult> {
    const { name, labels } = this.graph;
    if (labels === undefined) return this.executeTracked(question, options);
    return withDefaultLabels(`The graph "${name}"`, labels, () => this.executeTracked(question, options));
  }

  /** A separate method, so that the metrics of the graph have its labels too. */
  @TrackGraph({ graph: (self) => self.graph.name })
  private async executeTracked(question: string, options: RunOptions): Promise<RunResult> {
    const { graph } = this;
    const started = this.#clock();
    const { history } = options;
    const run = new GraphRun(graph, { model: this.#model, models: this.#models, clock: this.#clock, history });
    const { budget } = run;
    const deadline = new RunDeadline(graph.limits.seconds, options.signal, (seconds) => budget.timeoutError(seconds));
    try {
      const answered = await this.#followEdges(run, question, { ...options, signal: deadline.signal });
      return {
        ...answered,
        graph: graph.name,
        ...run.lastModel,
        usage: budget.usage,
        ...(budget.costUsd === undefined ? {} : { costUsd: budget.costUsd }),
        seconds: this.#clock() - started,
      };
    } catch (error) {
      throw deadline.reasonFor(error);
    } finally {
      deadline.end();
    }
  }

  /** Runs the nodes along the edges, from the entry to an exit. */
  async #followEdges(
    run: GraphRun,
    question: string,
    { signal, ...options }: Omit<RunOptions, 'signal'> & { readonly signal: AbortSignal | undefined },
  ): Promise<Pick<RunResult, 'answer' | 'finishReason' | 'trace'>> {
    const trace: NodeTrace[] = [];
    const record = (nodeTrace: NodeTrace): void => {
      trace.push(nodeTrace);
      options.onNode?.(nodeTrace);
    };
    let finishReason: NodeOutcome['finishReason'];
    let pieces = 0;
    const onText: TextListener = (text) => {
      pieces++;
      return options.onText?.(text);
    };
    let message: Message = { question, results: new Map(), answer: undefined, trace: [] };
    let node: GraphNode | undefined = this.#entry();
    while (node !== undefined) {
      const answerOptions = this.#isFinalNode(node)
        ? { answer: options.answer, ...(options.onText === undefined ? {} : { onText }) }
        : {};
      const nodeOptions = { signal, depth: 0, record, ...answerOptions };
      const outcome: NodeOutcome = await run.runNode(node, message, nodeOptions);
      if (outcome.message.answer !== message.answer || outcome.finishReason !== undefined) {
        finishReason = outcome.finishReason;
      }
      message = outcome.message;
      node = node.kind === 'exit' ? undefined : this.#next(node, outcome);
    }
    const answer = message.answer ?? '';
    // Answers of tools and rewritten answers are not streamed. They are passed on as one piece.
    if (pieces === 0 && answer !== '') await options.onText?.(answer);
    return { answer, ...(finishReason === undefined ? {} : { finishReason }), trace };
  }

  #entry(): GraphNode {
    const { entry, name, nodes } = this.graph;
    const node = nodes.get(entry);
    if (node !== undefined) return node;
    throw new GraphRunError(
      `The graph ${name} has no node "${entry}" as its entry; expected the name of one of its nodes.`,
    );
  }

  /** Whether all edges of a node lead to exits, so that its answer is the answer of the run. */
  #isFinalNode(node: GraphNode): boolean {
    const { edges, nodes } = this.graph;
    const outgoing = edges.filter(({ from }) => from === node.id);
    return outgoing.length > 0 && outgoing.every(({ to }) => nodes.get(to)?.kind === 'exit');
  }

  #next(node: GraphNode, { route }: NodeOutcome): GraphNode {
    const edge = this.graph.edges.find(({ from, when }) => from === node.id && when === route);
    const next = edge === undefined ? undefined : this.graph.nodes.get(edge.to);
    if (next !== undefined) return next;
    const missing = route === undefined ? 'an edge' : `an edge for its route "${route}"`;
    throw new GraphRunError(`The run of ${this.graph.name} stopped at ${node.id}, which lacks ${missing}; add one.`);
  }
}
