import { type ClientLabels, LabelNames, other } from 'tinyllm/server';
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
  /** The additional labels. */
  readonly labels: ClientLabels;
  /** Returns the maximum number of label sets of a metric. */
  readonly maxSeriesPerMetric: () => number;
}

/** The labels of a request before names are limited. */
export interface StatedLabels extends Omit<RequestRecordLabels, 'model'> {
  /** `undefined` if the request names no model. */
  readonly model: string | undefined;
}

/** The `graph` label of requests without a graph name. */
export const defaultGraph = 'proxy';
const unknownModel = 'unknown';
const defaultNames = 100;

/**
 * Chooses the labels of requests, so that names from clients cannot use up the series of a metric.
 *
 * The first names of each label get their own series, and later ones count as `other`. Label sets with names of graphs
 * or additional labels from clients get at most half of the label sets of a metric, so that models always have room.
 */
export class RequestLabels {
  readonly #models: LabelNames;
  readonly #graphs: LabelNames;
  readonly #maxSeriesPerMetric: () => number;
  readonly #labels: ClientLabels;
  /** The label sets with names from clients, other than models. */
  readonly #clientSets = new Set<string>();

  constructor(options: RequestLabelsOptions) {
    const { models, graphs, maxModels = defaultNames, maxGraphs = defaultNames } = options;
    this.#models = new LabelNames(models, maxModels);
    this.#graphs = new LabelNames(graphs, maxGraphs);
    this.#labels = options.labels;
    this.#maxSeriesPerMetric = options.maxSeriesPerMetric;
  }

  /** The labels of a request. */
  of({ model, graph, requestType, values }: StatedLabels): RequestRecordLabels {
    const labels: RequestRecordLabels = {
      model: model === undefined || model === unknownModel ? unknownModel : this.#models.label(model),
      graph: graph === defaultGraph ? graph : this.#graphs.label(graph),
      requestType,
      values: this.#labels.limited(values),
    };
    return this.#hasRoom(labels) ? labels : this.#withoutClientNames(labels);
  }

  #hasRoom({ model, graph, requestType, values }: RequestRecordLabels): boolean {
    if ((graph === defaultGraph || graph === other) && !this.#labels.hasClientNames(values)) return true;
    const set = JSON.stringify([model, graph, requestType, ...values]);
    if (this.#clientSets.has(set)) return true;
    if (this.#clientSets.size >= this.#maxSeriesPerMetric() / 2) return false;
    this.#clientSets.add(set);
    return true;
  }

  #withoutClientNames(labels: RequestRecordLabels): RequestRecordLabels {
    const graph = labels.graph === defaultGraph ? defaultGraph : other;
    return { ...labels, graph, values: this.#labels.withoutClientNames(labels.values) };
  }
}
