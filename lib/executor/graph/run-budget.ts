import { GraphLimitError, type GraphLimitName, GraphRunError } from '../errors/graph-errors.js';
import type { GraphLimits } from './graph.js';
import type { NodeOutcome } from './node.js';

const advice: Readonly<Record<GraphLimitName, string>> = {
  steps: 'shorten the path',
  seconds: 'make the run shorter',
  tokens: 'use fewer tokens',
  cost: 'choose cheaper models',
};

/** Counts the steps, tokens and cost of one run, and enforces the limits of its graph. */
export class RunBudget {
  #steps = 0;
  #inputTokens = 0;
  #outputTokens = 0;
  #costUsd: number | undefined;

  constructor(
    readonly graph: string,
    readonly limits: GraphLimits,
  ) {}

  /** The tokens of all nodes so far. */
  get usage(): { readonly inputTokens: number; readonly outputTokens: number } {
    return { inputTokens: this.#inputTokens, outputTokens: this.#outputTokens };
  }

  /** The cost of all nodes so far in US dollars; `undefined` if no request had a price. */
  get costUsd(): number | undefined {
    return this.#costUsd;
  }

  /** Counts a node that is about to run. Throws a `GraphLimitError` if the limit is reached. */
  step(): void {
    const { steps } = this.limits;
    if (this.#steps >= steps) throw this.#exceeded('steps', `has not ended after ${steps} steps`, this.#steps);
    this.#steps++;
  }

  /**
   * Adds the usage of a node's own requests. `free` requests need no price.
   *
   * @throws `GraphLimitError` if the run exceeds the limit of tokens or cost.
   * @throws `GraphRunError` if the graph limits the cost and the requests have no price.
   */
  spend(node: string, { usage, costUsd }: Pick<NodeOutcome, 'usage' | 'costUsd'>, free: boolean): void {
    this.#inputTokens += usage?.inputTokens ?? 0;
    this.#outputTokens += usage?.outputTokens ?? 0;
    if (costUsd !== undefined) this.#costUsd = (this.#costUsd ?? 0) + costUsd;
    const { tokens, cost } = this.limits;
    const used = this.#inputTokens + this.#outputTokens;
    if (tokens !== undefined && used > tokens) {
      throw this.#exceeded('tokens', `had used ${used} tokens when ${node} ended; the limit is ${tokens}`, used);
    }
    if (cost === undefined) return;
    if (costUsd === undefined && !free) {
      throw new GraphRunError(
        `limits.cost cannot be enforced: the model of ${node} has no price; add its price under models ({ input: 0, output: 0 } for a free model), or remove limits.cost.`,
      );
    }
    const spent = this.#costUsd ?? 0;
    if (spent > cost) {
      const problem = `had cost $${readable(spent)} when ${node} ended; the limit is $${readable(cost)}`;
      throw this.#exceeded('cost', problem, spent);
    }
  }

  /** Creates the error for a run that exceeded its time limit. */
  timeoutError(seconds: number): GraphLimitError {
    return this.#exceeded('seconds', `has not ended after ${seconds} seconds`, seconds);
  }

  #exceeded(limit: GraphLimitName, problem: string, reached: number): GraphLimitError {
    const allowed = this.limits[limit] ?? 0;
    const message = `The run of ${this.graph} ${problem}; raise limits.${limit}, or ${advice[limit]}.`;
    const timeout = limit === 'seconds' ? { cause: new DOMException('The time is up.', 'TimeoutError') } : {};
    return new GraphLimitError(message, { limit, allowed, reached, ...timeout });
  }
}

function readable(dollars: number): string {
  return String(Number(dollars.toPrecision(6)));
}
