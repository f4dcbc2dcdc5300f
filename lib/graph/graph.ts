import type { GraphNode } from './node.js';

/** A way from one node to another. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  /** The route it belongs to; without it the only way out of its node. */
  readonly when?: string;
}

/** What a run may not exceed. */
export interface GraphLimits {
  /** The most nodes a run may pass through, entry and exit included. */
  readonly steps: number;
}

/** A graph that holds together: one entry, no cycles, and an exit ahead of every node. */
export interface Graph {
  /** The `graph` label of its metrics. */
  readonly name: string;
  readonly limits: GraphLimits;
  /** The id of the node every run starts at. */
  readonly entry: string;
  /** The nodes by id, in the file's order. */
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** The edges in the file's order. */
  readonly edges: readonly Edge[];
}
