import type { JobQueue, Work } from '@tinyllm/resilience';
import { GraphError } from '../errors/graph-errors.js';
import type { GraphExecutor } from '../graph/executor.js';
import type { TextListener } from '../graph/node.js';
import { RunDeadline } from '../graph/run-deadline.js';
import type { RunResult } from '../graph/run-result.js';
import type { ChatRequest } from './chat-request.js';

/** Options for the runs of all models. */
export interface ChatModelsOptions {
  readonly queue: JobQueue<Work<RunResult>, RunResult>;
  /** Maximum duration of a run, including the wait in the queue. */
  readonly deadlineSeconds: number;
}

/** Options for one run. */
export interface ChatRunOptions {
  /** Cancels the run, also while it waits in the queue. */
  readonly signal: AbortSignal;
  /** Receives the pieces of the answer. If it returns a promise, the model waits for that promise. */
  readonly onText?: TextListener | undefined;
}

/** Runs the graph that a request names as its model. All runs wait in the same queue. */
export class ChatModels {
  /** Creation time, in seconds since 1970. */
  readonly created = Math.floor(Date.now() / 1000);
  readonly #graphs: ReadonlyMap<string, GraphExecutor>;
  readonly #queue: JobQueue<Work<RunResult>, RunResult>;
  readonly #deadlineSeconds: number;

  constructor(graphs: readonly GraphExecutor[], { queue, deadlineSeconds }: ChatModelsOptions) {
    this.#graphs = new Map(graphs.map((executor) => [executor.graph.name, executor]));
    this.#queue = queue;
    this.#deadlineSeconds = deadlineSeconds;
  }

  /** The model names, in the order of the graphs. */
  get names(): readonly string[] {
    return [...this.#graphs.keys()];
  }

  has(name: string): boolean {
    return this.#graphs.has(name);
  }

  /**
   * Waits for a free worker, then runs the graph of the requested model.
   *
   * Throws the errors of the queue and of the run. Throws a `TimeoutError` after the deadline, or the signal's reason
   * if the signal aborts.
   */
  async run({ model, question, history, answer }: ChatRequest, options: ChatRunOptions): Promise<RunResult> {
    const { signal: caller, onText } = options;
    const deadline = new RunDeadline(this.#deadlineSeconds, caller, (seconds) => {
      return new DOMException(`The answer took more than ${seconds} s.`, 'TimeoutError');
    });
    try {
      return await this.#queue.add(
        (signal) => {
          const streamed = onText === undefined ? {} : { onText };
          return this.#executor(model).execute(question, { signal, history, answer, ...streamed });
        },
        { signal: deadline.signal },
      );
    } catch (error) {
      throw deadline.reasonFor(error);
    } finally {
      deadline.end();
    }
  }

  #executor(name: string): GraphExecutor {
    const executor = this.#graphs.get(name);
    if (executor === undefined) throw new GraphError(`No graph is named ${name}; expected ${this.names.join(', ')}.`);
    return executor;
  }
}
