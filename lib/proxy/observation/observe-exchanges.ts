import type { IncomingHttpHeaders } from 'node:http';
import { getMetricsCollector, type MetricsCollector } from 'tinyllm';
import { bindRequests, declareLabels, seriesLimitOf } from 'tinyllm/recording';
import { ClientLabels, type ClientLabelsOptions, clientLabelsProblem } from 'tinyllm/server';
import { ProxySettingsError } from '../errors/proxy-errors.js';
import type { ObserveExchange } from '../forwarding/exchange-observer.js';
import { endpointOf } from './endpoints.js';
import { ExchangeWatch, type WatchSettings } from './exchange-watch.js';
import { InspectionBudget } from './inspection-budget.js';
import { defaultGraph, RequestLabels, type RequestLabelsOptions } from './request-labels.js';
import type { RequestRecordLabels } from './request-record.js';

/** Options for observing exchanges. */
export interface ObserveExchangesOptions
  extends Omit<RequestLabelsOptions, 'labels' | 'maxSeriesPerMetric'>,
    ClientLabelsOptions {
  /** Maximum bytes of a body, or of one chunk of a stream, that are inspected; default 8 MiB. */
  readonly inspectLimit?: number | undefined;
  /** Memory in bytes for inspecting the bodies of all exchanges; default 64 MiB. Further bodies pass uninspected. */
  readonly inspectMemory?: number | undefined;
  /** Collector for the metrics; default the process-wide collector. */
  readonly collector?: MetricsCollector | undefined;
  /** Returns the time in milliseconds of a monotonic clock; default `performance.now`. */
  readonly now?: (() => number) | undefined;
}

const defaultInspectLimit = 8 * 1024 * 1024;

type CallArguments = readonly [RequestRecordLabels];

/**
 * Creates an observer for a proxy that records model requests as metrics.
 *
 * Supports the APIs of Ollama, OpenAI-compatible servers, Anthropic and Gemini.
 *
 * Declares the additional labels, like `configureMetrics({ labels })`. Labels that are already declared stay declared.
 *
 * @throws {ProxySettingsError} if an additional label is invalid.
 * @throws {MetricsConfigurationError} if an additional label is not declared, and the metrics are already in use.
 */
export function observeExchanges({
  inspectLimit = defaultInspectLimit,
  inspectMemory,
  collector = getMetricsCollector(),
  now = () => performance.now(),
  ...limits
}: ObserveExchangesOptions = {}): ObserveExchange {
  const problem = clientLabelsProblem(limits);
  if (problem !== undefined) throw new ProxySettingsError(problem);
  const labels = new ClientLabels(limits);
  declareLabels(labels.names, collector);
  const settings: WatchSettings = {
    collector,
    inspectLimit,
    budget: new InspectionBudget(inspectMemory),
    now,
    labels: new RequestLabels({ ...limits, labels, maxSeriesPerMetric: () => seriesLimitOf(collector) }),
    bind: bindRequests(
      {
        model: (_self: unknown, [labels]: CallArguments) => labels.model,
        graph: (_self: unknown, [labels]: CallArguments) => labels.graph,
        requestType: (_self: unknown, [labels]: CallArguments) => labels.requestType,
        labels: Object.fromEntries(
          labels.names.map((name, place) => [name, (_self: unknown, [{ values }]: CallArguments) => values[place]]),
        ),
      },
      collector,
    ),
  };
  return (head) => {
    const { method, target, headers } = head;
    const endpoint = endpointOf(method, target);
    if (endpoint === undefined) return undefined;
    return new ExchangeWatch(settings, {
      endpoint,
      graph: graphLabel(headers),
      encoding: headers['content-encoding'],
      values: labels.read(head, endpoint.provider),
    });
  };
}

const header = 'x-tinyllm-graph';
const validGraph = /^[\x20-\x7e]{1,128}$/;

/** The `graph` label of a request: the `X-TinyLLM-Graph` header if it has 1 to 128 ASCII characters, else `proxy`. */
export function graphLabel(headers: IncomingHttpHeaders): string {
  const stated = headers[header];
  return typeof stated === 'string' && validGraph.test(stated) ? stated : defaultGraph;
}
