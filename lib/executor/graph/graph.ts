import type { ModelSettings } from '../models/model-settings.js';
import type { CacheSettings } from './graph-schema.js';
import type { GraphNode } from './node.js';
import type { NodeKindFacts } from './node-kind.js';

/** A directed edge from one node to another. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  /** The route of the edge. An edge without a route is the only outgoing edge of its `from` node. */
  readonly when?: string;
}

/** The limits of a run. */
export interface GraphLimits {
  /** Maximum number of executed nodes, including the entry, the exit, and nodes that other nodes run. */
  readonly steps: number;
  /** Maximum duration of a run in seconds; unlimited by default. */
  readonly seconds?: number;
  /** Maximum number of input and output tokens together; unlimited by default. */
  readonly tokens?: number;
  /** Maximum cost of a run in US dollars; unlimited by default. */
  readonly cost?: number;
}

/** A valid graph: it has one entry and no cycles. An exit can be reached from every node that has an edge. */
export interface Graph {
  /** The `graph` label of its metrics. */
  readonly name: string;
  readonly limits: GraphLimits;
  /**
   * The values of additional labels of its metrics, by name. A label is used only if the application declares it with
   * `configureMetrics({ labels })`. Labels of `withLabels` around a run replace those with the same name.
   */
  readonly labels?: Readonly<Record<string, string>>;
  /** The settings of its models by name. Nodes that name no model use `default`. */
  readonly models?: Readonly<Record<string, ModelSettings>>;
  /** The response cache for its models. Without it, answers are not cached. */
  readonly cache?: CacheSettings;
  /** The ID of the node where every run starts. */
  readonly entry: string;
  /** The node kinds by name, for the shapes of diagrams. Without them, all nodes have the same shape. */
  readonly kinds?: ReadonlyMap<string, NodeKindFacts>;
  /** The nodes by ID, in the order of the file. */
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** The edges in the order of the file. */
  readonly edges: readonly Edge[];
}
