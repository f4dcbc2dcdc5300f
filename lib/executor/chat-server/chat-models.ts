import type { JobQueue, Work } from '@tinyllm/resilience';
import { GraphError } from '../errors/graph-errors.js';
import type { GraphExecutor } from '../graph/executor.js';
import type { TextListener } from '../graph/node.js';
import { RunDeadline } from '../graph/run-deadline.js';
import type { RunResult } from '../graph/run-result.js';
import type { ChatRequest } from './chat-request.js';

/** What the runs of all models share. */
export interface ChatModelsOptions {
  readonly queue: JobQueue<Work<RunResult>, RunResult>;
  /** How long an answer may take, its wait in the queue included. */
  readonly deadlineSeconds: number;
}

/** How a run is led. */
export interface ChatRunOptions {
  /** Ends it early, in the queue too. */
  readonly signal: AbortSignal;
  /** Takes the answer piece by piece. The model waits for a promise that this returns. */
  readonly onText?: TextListener | undefined;
}

/** Graphs as models, behind one queue. */
export class ChatModels {
  /** When they were made, in seconds since 1970. */
  readonly created = Math.floor(Date.now() / 1000);
  readonly #graphs: ReadonlyMap<string, GraphExecutor>;
  readonly #queue: JobQueue<Work<RunResult>, RunResult>;
  readonly #deadlineSeconds: number;

  constructor(graphs: readonly GraphExecutor[], { queue, deadlineSeconds }: ChatModelsOptions) {
    this.#graphs = new Map(graphs.map((executor) => [executor.graph.name, executor]));
    this.#queue = queue;
    this.#deadlineSeconds = deadlineSeconds;
  }

  /** In the order the graphs were given. */
  get names(): readonly string[] {
    return [...this.#graphs.keys()];
  }

  has(name: string): boolean {
    return this.#graphs.has(name);
  }

  /**
   * Answers a request for one of the models, once it is its turn.
   *
   * Throws what the queue and the run throw; a `TimeoutError` when the time is up, waiting included; the signal's reason.
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
