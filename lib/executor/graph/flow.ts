import type { GraphDraft } from './check-edges.js';
import { reachable, type Way } from './reachable.js';

/** The moments a node begins and ends at, as numbers of their own. */
interface Moments {
  readonly begin: number;
  readonly end: number;
}

/** In which order nodes can run: along the edges, and within the nodes that run others. */
export class Flow {
  readonly #moments: ReadonlyMap<string, Moments>;
  readonly #ways: readonly Way<number>[];
  readonly #after = new Map<string, ReadonlySet<number>>();

  constructor({ nodes, edges }: GraphDraft) {
    this.#moments = new Map([...nodes.keys()].map((id, index) => [id, { begin: 2 * index, end: 2 * index + 1 }]));
    const ways: Way<number>[] = [];
    const lead = (from: number | undefined, to: number | undefined): void => {
      if (from !== undefined && to !== undefined) ways.push({ from, to });
    };
    for (const { from, to } of edges) lead(this.#moments.get(from)?.end, this.#moments.get(to)?.begin);
    for (const [id, { calls = [] }] of nodes) {
      const { begin, end } = this.#moments.get(id) ?? {};
      lead(begin, end);
      for (const call of calls) {
        const chain = call.nodes.map((member) => this.#moments.get(member));
        lead(begin, chain[0]?.begin);
        for (const [index, member] of chain.entries()) lead(member?.end, chain[index + 1]?.begin);
        lead(chain.at(-1)?.end, end);
        if (call.repeats || call.anew) lead(chain.at(-1)?.end, chain[0]?.begin);
      }
    }
    this.#ways = ways;
  }

  /** The ids of the nodes that can run once a node has begun, itself included. */
  from(id: string): ReadonlySet<string> {
    const moments = this.#moments.get(id);
    const reached = moments === undefined ? new Set<number>() : reachable(this.#ways, moments.begin);
    const found = [...this.#moments].filter(([, { begin }]) => reached.has(begin)).map(([other]) => other);
    return new Set([id, ...found]);
  }

  /** Whether a node can have ended while, or before, another runs. */
  canEndBefore(node: string, other: string): boolean {
    const moments = this.#moments.get(node);
    const later = this.#moments.get(other);
    if (moments === undefined || later === undefined) return false;
    const after = this.#after.get(node) ?? reachable(this.#ways, moments.end);
    this.#after.set(node, after);
    // Its own end is no time for it; that of another is, for that one may have run it.
    return after.has(later.begin) || (node !== other && after.has(later.end));
  }
}
