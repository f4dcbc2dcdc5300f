import { TrackGraph } from 'tinyllm';
import { GraphRunError } from '../errors/graph-errors.js';
import type { ChatMessage, ModelClient } from '../models/model-client.js';
import type { Graph } from './graph.js';
import { GraphRun, type NamedModels } from './graph-run.js';
import type { AnswerSettings, GraphNode, Message, NodeOutcome, TextListener } from './node.js';
import { RunDeadline } from './run-deadline.js';
import type { NodeTrace, RunResult } from './run-result.js';

/** What an executor works with. */
export interface GraphExecutorOptions {
  /** Answers for every node that names no model. */
  readonly model: ModelClient;
  /** Answers for the nodes that name one; needed only when some do. */
  readonly models?: NamedModels;
  /** Seconds on a clock that never goes back; default the process's own. */
  readonly clock?: () => number;
}

/** What a run may be given besides its question. */
export interface RunOptions {
  /** Ends the run early: between nodes, and in a model's call. The run then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Earlier turns of the conversation, oldest first; every model node's model is told of them. */
  readonly history?: readonly ChatMessage[];
  /** What is asked of the answer, where a model node right before an exit gives it; default what the models' settings say. */
  readonly answer?: AnswerSettings;
  /**
   * Takes the answer piece by piece as the model gives it; the pieces joined are the answer. If it returns a promise, the
   * model's next piece is read after that.
   */
  readonly onText?: TextListener;
  /** Takes the trace of each node on the way as it ends, that of a failed node too; what a node ran is in its `parts`. */
  readonly onNode?: (trace: NodeTrace) => void;
}

/** Runs questions through a graph; one executor can run many at a time. */
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
   * Answers a question by leading it from the graph's entry to an exit.
   *
   * Throws what a node threw, unchanged; the signal's reason; a `GraphLimitError` when the run goes past a limit of
   * the graph; or a `GraphRunError` when it has no edge to follow.
   */
  @TrackGraph({ graph: (self) => self.graph.name })
  async execute(question: string, options: RunOptions = {}): Promise<RunResult> {
    const { graph } = this;
    const started = this.#clock();
    const { history } = options;
    const run = new GraphRun(graph, { model: this.#model, models: this.#models, clock: this.#clock, history });
    const { budget } = run;
    const deadline = new RunDeadline(graph.limits.seconds, options.signal, (seconds) => budget.outOfTime(seconds));
    try {
      const answered = await this.#walk(run, question, { ...options, signal: deadline.signal });
      return {
        ...answered,
        graph: graph.name,
        ...run.answeredBy,
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

  /** Goes the way the edges make, from the entry to an exit. */
  async #walk(
    run: GraphRun,
    question: string,
    { signal, ...options }: Omit<RunOptions, 'signal'> & { readonly signal: AbortSignal | undefined },
  ): Promise<Pick<RunResult, 'answer' | 'finishReason' | 'trace'>> {
    const trace: NodeTrace[] = [];
    const record = (passed: NodeTrace): void => {
      trace.push(passed);
      options.onNode?.(passed);
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
      const ofAnswer = this.#answersLast(node)
        ? { answer: options.answer, ...(options.onText === undefined ? {} : { onText }) }
        : {};
      const passage = { signal, depth: 0, record, ...ofAnswer };
      const outcome: NodeOutcome = await run.pass(node, message, passage);
      if (outcome.message.answer !== message.answer || outcome.finishReason !== undefined) {
        finishReason = outcome.finishReason;
      }
      message = outcome.message;
      node = node.kind === 'exit' ? undefined : this.#next(node, outcome);
    }
    const answer = message.answer ?? '';
    // A tool's answer, or one that a node rewrote, never was in pieces.
    if (pieces === 0 && answer !== '') await options.onText?.(answer);
    return { answer, ...(finishReason === undefined ? {} : { finishReason }), trace };
  }

  #entry(): GraphNode {
    const { entry, name, nodes } = this.graph;
    const node = nodes.get(entry);
    if (node !== undefined) return node;
    throw new GraphRunError(`The graph ${name} has no node "${entry}" to enter by; name one of its nodes.`);
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
