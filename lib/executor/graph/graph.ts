import type { ModelSettings } from '../models/model-settings.js';
import type { CacheSettings } from './graph-schema.js';
import type { GraphNode } from './node.js';
import type { NodeKindFacts } from './node-kind.js';

/** A way from one node to another. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  /** The route it belongs to; without it the only way out of its node. */
  readonly when?: string;
}

/** What a run may not exceed. */
export interface GraphLimits {
  /** The most nodes a run may pass through, entry and exit included, and those that nodes run themselves. */
  readonly steps: number;
  /** How long a run may take; default any time. */
  readonly seconds?: number;
  /** The most tokens a run may use, in and out together; default any number. */
  readonly tokens?: number;
  /** The most a run may cost, in US dollars; default any amount. */
  readonly cost?: number;
}

/** A graph that holds together: one entry, no cycles, and an exit ahead of every node. */
export interface Graph {
  /** The `graph` label of its metrics. */
  readonly name: string;
  readonly limits: GraphLimits;
  /** The settings of its models by name; `default` is the one of nodes that name none. */
  readonly models?: Readonly<Record<string, ModelSettings>>;
  /** Where the answers of its models are to be kept; without it nowhere. */
  readonly cache?: CacheSettings;
  /** The id of the node every run starts at. */
  readonly entry: string;
  /** The kinds its nodes may be of, by name; without them all are drawn alike. */
  readonly kinds?: ReadonlyMap<string, NodeKindFacts>;
  /** The nodes by id, in the file's order. */
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** The edges in the file's order. */
  readonly edges: readonly Edge[];
}
