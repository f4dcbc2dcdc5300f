import { performance } from 'node:perf_hooks';
import { getMetricsCollector } from '../collector/shared-collector.js';
import { checkLabelOption, checkOptionTypes, type OptionTypes } from '../errors/check-option-types.js';
import type { ResponseReading } from '../providers/response-reader.js';
import { signalsIn } from './abort-signals.js';
import { bindRequests } from './bind-requests.js';
import type { LabelOption, TrackRequestOptions } from './call-options.js';
import type { CallSeries } from './call-series.js';
import type { SeriesBinder } from './label-plan.js';
import { guarded, settleAbandoned, settleFailure, settleResponse, settleResult } from './settle.js';
import { SilentSeries } from './silent-series.js';
import { StreamCall } from './stream-call.js';

/** Options of every integration. */
export interface IntegrationOptions {
  /**
   * Fixed, or computed from the model or client and the arguments of the call. Default: the running graph with
   * `graphContext`, otherwise `default`.
   */
  readonly graph?: LabelOption | undefined;
  /**
   * The values of additional labels, by name: fixed, or computed from the model or client and the arguments of the call.
   * Declare the labels with `configureMetrics({ labels })`. Default: the labels of `withLabels`. For the label
   * `provider`, the default is the name of the provider.
   */
  readonly labels?: Readonly<Record<string, LabelOption | undefined>> | undefined;
  /** Returns the type of an error. Default: `timeout` for timeouts, otherwise the error's class name. */
  readonly classifyError?: ((error: unknown) => string) | undefined;
}

/** The types of the options of every integration. */
const integrationOptionTypes = {
  graph: ['string', 'function'],
  labels: 'object',
  classifyError: 'function',
} as const satisfies Record<keyof IntegrationOptions, unknown>;

/**
 * Checks the options of an integration. `further` are the types of its own options.
 *
 * @throws {MetricsConfigurationError} if an option is unknown or has the wrong type.
 */
export function checkIntegrationOptions(caller: string, options: IntegrationOptions, further: OptionTypes = {}): void {
  checkOptionTypes(caller, options, { ...integrationOptionTypes, ...further });
  checkLabelOption(caller, options.labels);
}

/** One request to a model. */
export interface ObservedRequest {
  readonly model: string | undefined;
  /** Such as `openai`. */
  readonly provider?: string | undefined;
  readonly requestType: 'generate' | 'stream' | 'embed';
  /** The model or client, and the arguments: for the graph's label and to find abort signals. */
  readonly self: unknown;
  readonly args: readonly unknown[];
}

/** Records the requests of a client library that reports when they begin and end. */
export class RequestCalls {
  readonly #collector = getMetricsCollector();
  readonly #bind: SeriesBinder<CallSeries>;

  constructor({ graph, labels, classifyError }: IntegrationOptions) {
    const options: TrackRequestOptions = {
      classifyError,
      model: ({ model }: ObservedRequest) => model,
      requestType: ({ requestType }: ObservedRequest) => requestType,
      graph: ofRequest(graph),
      labels: {
        provider: ({ provider }: ObservedRequest) => provider,
        ...Object.fromEntries(Object.entries(labels ?? {}).map(([name, option]) => [name, ofRequest(option)])),
      },
    };
    this.#bind = bindRequests(options, this.#collector);
  }

  /** Counts a request and marks it as active. To report its end, call a method of the returned `RequestCall`. */
  begin(request: ObservedRequest): RequestCall {
    if (!this.#collector.meter.isEnabled) return new RequestCall(SilentSeries.shared(), []);
    const series = this.#bind(request, []);
    return new RequestCall(series, guarded(series, () => signalsIn(request.args)) ?? []);
  }
}

/** Converts a function of the model or client and the arguments to a function of the request. */
function ofRequest(option: LabelOption | undefined): LabelOption | undefined {
  return typeof option === 'function' ? ({ self, args }: ObservedRequest) => option(self, args) : option;
}

/** An active request. Call exactly one of its methods, once, when the request ends or a stream begins. */
export class RequestCall {
  readonly #series: CallSeries;
  readonly #signals: readonly AbortSignal[];
  readonly #started = performance.now();

  /** The last step of the constructor begins the request. If the stack overflows earlier, no request has begun. */
  constructor(series: CallSeries, signals: readonly AbortSignal[]) {
    this.#signals = signals;
    this.#series = series.begin();
  }

  /** The request succeeded. This method reads tokens, finish reason and errors from the result. */
  succeeded(result: unknown): void {
    settleResult(this.#series, this.#started, result);
  }

  /** The request succeeded with a response that has already been read. */
  answered(reading: ResponseReading): void {
    settleResponse(this.#series, this.#started, reading);
  }

  failed(error: unknown): void {
    settleFailure(this.#series, this.#started, error, this.#signals);
  }

  /** Nothing will report how the request ended. It counts as cancelled. */
  abandoned(): void {
    settleAbandoned(this.#series, this.#started);
  }

  /** The response is a stream. The returned call records how it ends. */
  startStream(): StreamCall {
    return new StreamCall(this.#series, this.#started, this.#signals);
  }
}
