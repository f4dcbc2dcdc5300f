import type { RequestRecordLabels } from './request-record.js';

/** Which names of models and graphs get series of their own. */
export interface RequestLabelsOptions {
  /** The models with their own series; default the first `maxModels`. */
  readonly models?: readonly string[] | undefined;
  /** The graphs with their own series; default the first `maxGraphs`. */
  readonly graphs?: readonly string[] | undefined;
  /** How many models get their own series; default 100. */
  readonly maxModels?: number | undefined;
  /** How many graphs get their own series; default 100. */
  readonly maxGraphs?: number | undefined;
  /** How many label sets the metrics of requests may have. */
  readonly maxSeriesPerMetric: () => number;
}

/** The label of a request whose client names no graph. */
export const defaultGraph = 'proxy';
const unknownModel = 'unknown';
const other = 'other';
const defaultNames = 100;
/** In UTF-16 code units; registries cut label values there. */
const longestName = 256;

/**
 * Chooses the labels of requests, so that the names that clients send cannot use up the series of a metric.
 *
 * The first names of each label get their own series, and later ones count as `other`. Graphs that clients name get at most
 * half of the label sets of a metric, so that models always have room.
 */
export class RequestLabels {
  readonly #models: Names;
  readonly #graphs: Names;
  readonly #maxSeriesPerMetric: () => number;
  /** The label sets with a graph that a client named. */
  readonly #withGraph = new Set<string>();

  constructor(options: RequestLabelsOptions) {
    const { models, graphs, maxModels = defaultNames, maxGraphs = defaultNames } = options;
    this.#models = new Names(models, maxModels);
    this.#graphs = new Names(graphs, maxGraphs);
    this.#maxSeriesPerMetric = options.maxSeriesPerMetric;
  }

  /** The labels of a request; `model` is undefined if the request names none. */
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

/** The names of one label that get their own series: those of a list, or the first so many. */
class Names {
  readonly #own: Set<string>;
  readonly #most: number;

  constructor(listed: readonly string[] | undefined, most: number) {
    this.#own = new Set(listed);
    this.#most = listed === undefined ? most : 0;
  }

  label(name: string): string {
    if (this.#own.has(name)) return name;
    // A copy, because a part of a string keeps all of the string in memory.
    const label = name.length <= longestName ? name : Buffer.from(name.slice(0, longestName)).toString();
    if (this.#own.has(label)) return label;
    if (this.#own.size >= this.#most) return other;
    this.#own.add(label);
    return label;
  }
}
