import type { RequestRecordLabels } from './request-record.js';

/** Limits for the names of models and graphs in labels. */
export interface RequestLabelsOptions {
  /** The models with their own series; default the first `maxModels`. */
  readonly models?: readonly string[] | undefined;
  /** The graphs with their own series; default the first `maxGraphs`. */
  readonly graphs?: readonly string[] | undefined;
  /** Maximum number of models with their own series; default 100. */
  readonly maxModels?: number | undefined;
  /** Maximum number of graphs with their own series; default 100. */
  readonly maxGraphs?: number | undefined;
  /** Returns the maximum number of label sets of a metric. */
  readonly maxSeriesPerMetric: () => number;
}

/** The `graph` label of requests without a graph name. */
export const defaultGraph = 'proxy';
const unknownModel = 'unknown';
const other = 'other';
const defaultNames = 100;
/** Maximum length in UTF-16 code units. The registry truncates label values to the same length. */
const maxNameLength = 256;

/**
 * Chooses the labels of requests, so that names from clients cannot use up the series of a metric.
 *
 * The first names of each label get their own series, and later ones count as `other`. Graphs that clients name get at
 * most half of the label sets of a metric, so that models always have room.
 */
export class RequestLabels {
  readonly #models: LabelNames;
  readonly #graphs: LabelNames;
  readonly #maxSeriesPerMetric: () => number;
  /** The label sets with graph names from clients. */
  readonly #withGraph = new Set<string>();

  constructor(options: RequestLabelsOptions) {
    const { models, graphs, maxModels = defaultNames, maxGraphs = defaultNames } = options;
    this.#models = new LabelNames(models, maxModels);
    this.#graphs = new LabelNames(graphs, maxGraphs);
    this.#maxSeriesPerMetric = options.maxSeriesPerMetric;
  }

  /** The labels of a request. `model` is `undefined` if the request names no model. */
  of(model: string | undefined, graph: string, requestType: string): RequestRecordLabels {
    const known = model === undefined || model === unknownModel ? unknownModel : this.#models.label(model);
    return { model: known, graph: this.#graphLabel(known, graph, requestType), requestType };
  }

  #graphLabel(model: string, name: string, requestType: string): string {
    if (name === defaultGraph) return name;
    const graph = this.#graphs.label(name);
    if (graph === other) return other;
    const set = JSON.stringify([model, graph, requestType]);
    if (this.#withGraph.has(set)) return graph;
    if (this.#withGraph.size >= this.#maxSeriesPerMetric() / 2) return other;
    this.#withGraph.add(set);
    return graph;
  }
}

/** The names of one label that have their own series: those of a list, or the first names up to a limit. */
class LabelNames {
  readonly #names: Set<string>;
  readonly #limit: number;

  constructor(listed: readonly string[] | undefined, limit: number) {
    this.#names = new Set(listed);
    this.#limit = listed === undefined ? limit : 0;
  }

  label(name: string): string {
    if (this.#names.has(name)) return name;
    // Copy the name, because a substring keeps the complete string in memory.
    const label = name.length <= maxNameLength ? name : Buffer.from(name.slice(0, maxNameLength)).toString();
    if (this.#names.has(label)) return label;
    if (this.#names.size >= this.#limit) return other;
    this.#names.add(label);
    return label;
  }
}
