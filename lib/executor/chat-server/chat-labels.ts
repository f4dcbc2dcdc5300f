import { getMetricsCollector } from 'tinyllm';
import { declareLabels, seriesLimitOf } from 'tinyllm/recording';
import { ClientLabels, type ClientLabelsOptions, clientLabelsProblem, type LabelledRequest } from 'tinyllm/server';
import { ChatServerSettingsError } from '../errors/job-errors.js';

/** Options of {@link ChatLabels}. */
export interface ChatLabelsOptions extends ClientLabelsOptions {
  /** Whether clients need API keys. */
  readonly hasApiKeys: boolean;
}

/**
 * The additional labels of chat requests. It declares them.
 *
 * Clients choose the values of headers. At most half of the label sets of a metric have such values, as in the proxy.
 */
export class ChatLabels {
  readonly #labels: ClientLabels;
  /** The sets of values that contain a value from a header. */
  readonly #clientSets = new Set<string>();

  /**
   * @throws `ChatServerSettingsError` if a label is invalid.
   * @throws `MetricsConfigurationError` if a label is not declared, and the metrics are already in use.
   */
  constructor({ hasApiKeys, ...options }: ChatLabelsOptions) {
    const problem = clientLabelsProblem(options) ?? sourceProblem(options, hasApiKeys);
    if (problem !== undefined) throw new ChatServerSettingsError(problem);
    this.#labels = new ClientLabels(options);
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
    if (this.#clientSets.size >= seriesLimitOf(getMetricsCollector()) / 2) return false;
    this.#clientSets.add(set);
    return true;
  }
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
