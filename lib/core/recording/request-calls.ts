import { performance } from 'node:perf_hooks';
import { getMetricsCollector } from '../collector/shared-collector.js';
import type { ResponseReading } from '../providers/response-reader.js';
import { signalsIn } from './abort-signals.js';
import type { SeriesBinder } from './bind-labels.js';
import { bindRequests } from './bind-requests.js';
import type { LabelOption } from './call-options.js';
import type { CallSeries } from './call-series.js';
import { guarded, settleAbandoned, settleAnswer, settleFailure, settleResult } from './settle.js';
import { StreamCall } from './stream-call.js';

/** What every integration takes. */
export interface IntegrationOptions {
  /** Computed from the model or client and the arguments it is called with, or fixed; default `default`. */
  readonly graph?: LabelOption | undefined;
  /** Names the type of an error; default `timeout` for timeouts, else the error's class name. */
  readonly classifyError?: ((error: unknown) => string) | undefined;
}

/** The types of the options of every integration. */
export const integrationOptionTypes = {
  graph: ['string', 'function'],
  classifyError: 'function',
} as const satisfies Record<keyof IntegrationOptions, unknown>;

/** One request a model is asked. */
export interface AskedRequest {
  readonly model: string | undefined;
  readonly requestType: 'generate' | 'stream' | 'embed';
  /** Whom is asked, and with what: for the graph's label, and for the signals among it. */
  readonly self: unknown;
  readonly args: readonly unknown[];
}

/** Records the requests of a stack that tells when they begin and end. */
export class RequestCalls {
  readonly #bind: SeriesBinder<CallSeries>;

  constructor({ graph, classifyError }: IntegrationOptions) {
    const options = {
      classifyError,
      model: ({ model }: AskedRequest) => model,
      requestType: ({ requestType }: AskedRequest) => requestType,
      graph: typeof graph === 'function' ? ({ self, args }: AskedRequest) => graph(self, args) : graph,
    };
    this.#bind = bindRequests(options, getMetricsCollector());
  }

  /** Counts a request and holds it active until it is told how it ended. */
  begin(request: AskedRequest): RequestCall {
    const series = this.#bind(request, []);
    return new RequestCall(series, guarded(series, () => signalsIn(request.args)) ?? []);
  }
}

/** A request under way, to be told how it ended, once. */
export class RequestCall {
  readonly #series: CallSeries;
  readonly #signals: readonly AbortSignal[];
  readonly #started = performance.now();

  /** Begins the request as its last step: if the stack overflows before, nothing has begun. */
  constructor(series: CallSeries, signals: readonly AbortSignal[]) {
    this.#signals = signals;
    this.#series = series.begin();
  }

  /** It was answered; tokens and the rest are read off the result. */
  succeeded(result: unknown): void {
    settleResult(this.#series, this.#started, result);
  }

  /** It was answered by a response that has been read already. */
  answered(reading: ResponseReading): void {
    settleAnswer(this.#series, this.#started, reading);
  }

  failed(error: unknown): void {
    settleFailure(this.#series, this.#started, error, this.#signals);
  }

  /** Nobody will say any more how it ended. */
  left(): void {
    settleAbandoned(this.#series, this.#started);
  }

  /** It is answered in a stream, which then says how it ends. */
  streams(): StreamCall {
    return new StreamCall(this.#series, this.#started, this.#signals);
  }
}
