import { GraphLimitError, type GraphLimitName, GraphRunError } from '../errors/graph-errors.js';
import type { GraphLimits } from './graph.js';
import type { NodeOutcome } from './node.js';

const advice: Readonly<Record<GraphLimitName, string>> = {
  steps: 'shorten the way',
  seconds: 'ask less of it',
  tokens: 'ask less of its models',
  cost: 'choose cheaper models',
};

/** What one run has used up, held against its graph's limits. */
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

  /** What all nodes cost so far in US dollars; undefined when nothing had a price. */
  get costUsd(): number | undefined {
    return this.#costUsd;
  }

  /** Counts a node that is about to run. Throws a `GraphLimitError` when it would be one too many. */
  step(): void {
    const { steps } = this.limits;
    if (this.#steps >= steps) throw this.#exceeded('steps', `took ${steps} steps and has not ended`, this.#steps);
    this.#steps++;
  }

  /**
   * Adds what a node's own requests used; `free` are those that need no price.
   *
   * Throws a `GraphLimitError` when that is more than the graph allows, and a `GraphRunError` when the graph limits
   * the cost and a request of this node has no price.
   */
  spend(node: string, { usage, costUsd }: Pick<NodeOutcome, 'usage' | 'costUsd'>, free: boolean): void {
    this.#inputTokens += usage?.inputTokens ?? 0;
    this.#outputTokens += usage?.outputTokens ?? 0;
    if (costUsd !== undefined) this.#costUsd = (this.#costUsd ?? 0) + costUsd;
    const { tokens, cost } = this.limits;
    const used = this.#inputTokens + this.#outputTokens;
    if (tokens !== undefined && used > tokens) {
      throw this.#exceeded('tokens', `came to ${used} tokens at ${node}, of ${tokens} allowed`, used);
    }
    if (cost === undefined) return;
    if (costUsd === undefined && !free) {
      throw new GraphRunError(
        `limits.cost cannot be held: the model that ${node} asks has no price; give it one among the models, { input: 0, output: 0 } for one that costs nothing, or take limits.cost off.`,
      );
    }
    const spent = this.#costUsd ?? 0;
    if (spent > cost) {
      throw this.#exceeded('cost', `came to $${readable(spent)} at ${node}, of $${readable(cost)} allowed`, spent);
    }
  }

  /** The error for a run that has not ended in time. */
  outOfTime(seconds: number): GraphLimitError {
    return this.#exceeded('seconds', `has not ended after ${seconds} seconds`, seconds);
  }

  #exceeded(limit: GraphLimitName, what: string, reached: number): GraphLimitError {
    const allowed = this.limits[limit] ?? 0;
    const message = `The run of ${this.graph} ${what}; raise limits.${limit}, or ${advice[limit]}.`;
    const timeout = limit === 'seconds' ? { cause: new DOMException('The time is up.', 'TimeoutError') } : {};
    return new GraphLimitError(message, { limit, allowed, reached, ...timeout });
  }
}

function readable(dollars: number): string {
  return String(Number(dollars.toPrecision(6)));
}
