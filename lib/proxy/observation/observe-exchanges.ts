import type { IncomingHttpHeaders } from 'node:http';
import { getMetricsCollector, type MetricsCollector } from 'tinyllm';
import { bindRequests, seriesLimitOf } from 'tinyllm/recording';
import type { ObserveExchange } from '../forwarding/exchange-observer.js';
import { endpointOf } from './endpoints.js';
import { ExchangeWatch, type WatchSettings } from './exchange-watch.js';
import { InspectionBudget } from './inspection-budget.js';
import { defaultGraph, RequestLabels, type RequestLabelsOptions } from './request-labels.js';
import type { RequestRecordLabels } from './request-record.js';

/** What exchanges are observed with. */
export interface ObserveExchangesOptions extends Omit<RequestLabelsOptions, 'maxSeriesPerMetric'> {
  /** Bytes of a body, or of one part of a stream, that are looked into; default 8 MiB. */
  readonly inspectLimit?: number | undefined;
  /** Bytes of memory for looking into bodies, all exchanges together; default 64 MiB. Others pass without a look. */
  readonly inspectMemory?: number | undefined;
  /** Default the shared one. */
  readonly collector?: MetricsCollector | undefined;
  /** Milliseconds on a clock that never goes back; default `performance.now`. */
  readonly now?: (() => number) | undefined;
}

const defaultInspectLimit = 8 * 1024 * 1024;

type Asked = readonly [RequestRecordLabels];

/**
 * Makes what looks on at the exchanges of a proxy and records those that ask a model, in any of the APIs of Ollama and of
 * OpenAI-compatible servers.
 */
export function observeExchanges({
  inspectLimit = defaultInspectLimit,
  inspectMemory,
  collector = getMetricsCollector(),
  now = () => performance.now(),
  ...names
}: ObserveExchangesOptions = {}): ObserveExchange {
  const settings: WatchSettings = {
    collector,
    inspectLimit,
    budget: new InspectionBudget(inspectMemory),
    now,
    labels: new RequestLabels({ ...names, maxSeriesPerMetric: () => seriesLimitOf(collector) }),
    bind: bindRequests(
      {
        model: (_self: unknown, [asked]: Asked) => asked.model,
        graph: (_self: unknown, [asked]: Asked) => asked.graph,
        requestType: (_self: unknown, [asked]: Asked) => asked.requestType,
      },
      collector,
    ),
  };
  return ({ method, target, headers }) => {
    const endpoint = endpointOf(method, target);
    if (endpoint === undefined) return undefined;
    return new ExchangeWatch(settings, {
      endpoint,
      graph: graphLabel(headers),
      encoding: headers['content-encoding'],
    });
  };
}

const header = 'x-tinyllm-graph';
const validGraph = /^[\x20-\x7e]{1,128}$/;

/** The `graph` of a request: what its client sends in `X-TinyLLM-Graph`, up to 128 characters of ASCII, else `proxy`. */
export function graphLabel(headers: IncomingHttpHeaders): string {
  const stated = headers[header];
  return typeof stated === 'string' && validGraph.test(stated) ? stated : defaultGraph;
}
