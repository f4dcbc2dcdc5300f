import { getMetricsCollector } from 'tinyllm';
import { declareLabels, seriesLimitOf } from 'tinyllm/recording';
import { ClientLabels, type ClientLabelsOptions, clientLabelsProblem, type LabelledRequest } from 'tinyllm/server';
import { ChatServerSettingsError } from '../errors/job-errors.js';
import type { Graph } from '../graph/graph.js';

/** Options of {@link ChatLabels}. */
export interface ChatLabelsOptions extends ClientLabelsOptions {
  /** Whether clients need API keys. */
  readonly hasApiKeys: boolean;
  /** The graphs that the server serves. */
  readonly graphs: readonly Graph[];
}

/**
 * The additional labels of chat requests. It declares them.
 *
 * Clients choose the values of headers. At most half of the label sets of a metric have such values. A request can write
 * one label set per node, tool and model of its graph. So each set of values counts as many times as all served graphs
 * have nodes, tools and models. After that, new values from headers count as `other`.
 */
export class ChatLabels {
  readonly #labels: ClientLabels;
  /** The sets of values that contain a value from a header. */
  readonly #clientSets = new Set<string>();
  /** Maximum number of label sets of one metric with the same set of values. */
  readonly #seriesPerSet: number;

  /**
   * @throws `ChatServerSettingsError` if a label is invalid.
   * @throws `MetricsConfigurationError` if a label is not declared, and the metrics are already in use.
   */
  constructor({ hasApiKeys, graphs, ...options }: ChatLabelsOptions) {
    const problem = clientLabelsProblem(options) ?? sourceProblem(options, hasApiKeys);
    if (problem !== undefined) throw new ChatServerSettingsError(problem);
    this.#labels = new ClientLabels(options);
    this.#seriesPerSet = Math.max(
      1,
      graphs.reduce((sum, graph) => sum + seriesOf(graph), 0),
    );
    declareLabels(this.#labels.names, getMetricsCollector());
  }

  /** The labels of a request that are not empty, by name. */
  of(request: LabelledRequest): Readonly<Record<string, string>> {
    const limited = this.#labels.limited(this.#labels.read(request, ''));
    const values = this.#hasRoom(limited) ? limited : this.#labels.withoutClientNames(limited);
    const entries = this.#labels.names.map((name, place): [string, string] => [name, values[place] ?? '']);
    return Object.fromEntries(entries.filter(([, value]) => value !== ''));
  }

  #hasRoom(values: readonly string[]): boolean {
    if (!this.#labels.hasClientNames(values)) return true;
    const set = JSON.stringify(values);
    if (this.#clientSets.has(set)) return true;
    const series = (this.#clientSets.size + 1) * this.#seriesPerSet;
    if (series > seriesLimitOf(getMetricsCollector()) / 2) return false;
    this.#clientSets.add(set);
    return true;
  }
}

/** The number of nodes, tools and models of a graph, including the default model. */
function seriesOf({ nodes, models = {} }: Graph): number {
  const tools = [...nodes.values()].filter(({ kind }) => kind === 'tool').length;
  return nodes.size + tools + new Set(['default', ...Object.keys(models)]).size;
}

function sourceProblem({ labels = {} }: ClientLabelsOptions, hasApiKeys: boolean): string | undefined {
  for (const [name, source] of Object.entries(labels)) {
    if (source === 'provider') {
      return `labels.${name} is "provider", which only the proxy supports; declare the label provider with configureMetrics instead.`;
    }
    if (source === 'key' && !hasApiKeys)
      return `labels.${name} is "key", but the server has no API keys; pass apiKeys.`;
  }
  return undefined;
}
