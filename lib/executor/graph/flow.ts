import type { GraphDraft } from './check-edges.js';
import { type Link, reachable } from './reachable.js';

/** The two vertices of a node: its start and its end. */
interface Moments {
  readonly begin: number;
  readonly end: number;
}

/** Which nodes can run before which other nodes. It follows the edges, and the calls of nodes that run other nodes. */
export class Flow {
  readonly #moments: ReadonlyMap<string, Moments>;
  readonly #links: readonly Link<number>[];
  readonly #after = new Map<string, ReadonlySet<number>>();

  constructor({ nodes, edges }: GraphDraft) {
    this.#moments = new Map([...nodes.keys()].map((id, index) => [id, { begin: 2 * index, end: 2 * index + 1 }]));
    const links: Link<number>[] = [];
    const addLink = (from: number | undefined, to: number | undefined): void => {
      if (from !== undefined && to !== undefined) links.push({ from, to });
    };
    for (const { from, to } of edges) addLink(this.#moments.get(from)?.end, this.#moments.get(to)?.begin);
    for (const [id, { calls = [] }] of nodes) {
      const { begin, end } = this.#moments.get(id) ?? {};
      addLink(begin, end);
      for (const call of calls) {
        const chain = call.nodes.map((member) => this.#moments.get(member));
        addLink(begin, chain[0]?.begin);
        for (const [index, member] of chain.entries()) addLink(member?.end, chain[index + 1]?.begin);
        addLink(chain.at(-1)?.end, end);
        if (call.repeats || call.anew) addLink(chain.at(-1)?.end, chain[0]?.begin);
      }
    }
    this.#links = links;
  }

  /** The IDs of the nodes that can run after a node has started, including the node itself. */
  from(id: string): ReadonlySet<string> {
    const moments = this.#moments.get(id);
    const reached = moments === undefined ? new Set<number>() : reachable(this.#links, moments.begin);
    const found = [...this.#moments].filter(([, { begin }]) => reached.has(begin)).map(([other]) => other);
    return new Set([id, ...found]);
  }

  /** Whether a node can end before another node ends. */
  canEndBefore(node: string, other: string): boolean {
    const moments = this.#moments.get(node);
    const later = this.#moments.get(other);
    if (moments === undefined || later === undefined) return false;
    const after = this.#after.get(node) ?? reachable(this.#links, moments.end);
    this.#after.set(node, after);
    // `node` can end before `other` if a path leads from the end of `node` to the start of `other`. If `other` runs
    // `node`, a path may only lead to the end of `other`, so the end is checked too. For a repeated node, a path leads
    // from its end to its own end. But no node ends before its own end, so the second check excludes the node itself.
    return after.has(later.begin) || (node !== other && after.has(later.end));
  }
}
