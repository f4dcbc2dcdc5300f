import type { MetricsCollector } from 'tinyllm';
import type { CallSeries, Fields, SeriesBinder } from 'tinyllm/recording';
import { guarded, instrumentsOf, isFields, ModelProtocolError, ModelUnavailableError } from 'tinyllm/recording';
import type { AnswerHead, ExchangeEnd, ExchangeObserver } from '../forwarding/exchange-observer.js';
import type { UninspectedReason } from './decoded-body.js';
import type { Endpoint } from './endpoints.js';
import { upstreamFailure } from './failure-type.js';
import type { InspectionBudget } from './inspection-budget.js';
import { RequestBody } from './request-body.js';
import type { RequestLabels } from './request-labels.js';
import { type Outcome, RequestRecord } from './request-record.js';
import type { ResponseVerdict } from './response-verdict.js';
import { ResponseWatch } from './response-watch.js';

/** Settings for observing all exchanges. */
export interface WatchSettings {
  readonly collector: MetricsCollector;
  /** Finds the series for the labels of a request. */
  readonly bind: SeriesBinder<CallSeries>;
  /** Chooses the labels of requests. */
  readonly labels: RequestLabels;
  /** Maximum bytes of a body, or of a chunk of a stream, that are inspected. */
  readonly inspectLimit: number;
  /** The memory budget for all bodies. */
  readonly budget: InspectionBudget;
  /** Returns the time in milliseconds of a monotonic clock. */
  readonly now: () => number;
}

/** The observed exchange. */
export interface WatchedExchange {
  readonly endpoint: Endpoint;
  readonly graph: string;
  readonly encoding: string | undefined;
  /** The values of the additional labels. */
  readonly values: readonly string[];
}

/**
 * Observes one exchange and records it as a request to a model. Its methods never throw.
 *
 * A request counts as in flight from the first of these times on:
 *
 * - when the request body is complete, if the body or the path names the model
 * - at the first chunk of a streamed response that contains the model, output, usage, timings or a finish reason
 * - at the end of the exchange
 *
 * A request that was rejected before that time is not recorded. Durations always start with the head of the request.
 */
export class ExchangeWatch implements ExchangeObserver {
  readonly #settings: WatchSettings;
  readonly #exchange: WatchedExchange;
  readonly #request: RequestBody;
  readonly #record: RequestRecord;
  #answer: ResponseWatch | undefined;
  #requestIsOver = false;
  #requestIsRead = false;
  #end: { readonly how: ExchangeEnd; readonly error: unknown; readonly at: number } | undefined;

  constructor(settings: WatchSettings, exchange: WatchedExchange) {
    this.#settings = settings;
    this.#exchange = exchange;
    this.#record = new RequestRecord(settings.bind, settings.now());
    this.#request = new RequestBody({
      encoding: exchange.encoding,
      limit: settings.inspectLimit,
      budget: settings.budget,
      onUninspected: (reason) => this.#uninspected('request', reason),
    });
  }

  requestData(chunk: Uint8Array): void {
    this.#contain(() => {
      if (!this.#requestIsOver) this.#request.push(chunk);
    });
  }

  requestEnd(): void {
    this.#contain(() => this.#endRequest(true));
  }

  answered(head: AnswerHead): void {
    this.#contain(() => {
      if (head.status < 200 || this.#end !== undefined) return;
      this.#answer ??= new ResponseWatch({
        head,
        endpoint: this.#exchange.endpoint,
        wantsStream: this.#wantsStream(),
        choices: this.#request.choices,
        limit: this.#settings.inspectLimit,
        budget: this.#settings.budget,
        onChunk: (chunk, hasOutput) => this.#chunk(chunk, hasOutput),
        onUninspected: (reason) => this.#uninspected('answer', reason),
        contain: (work) => this.#contain(work),
      });
    });
  }

  answerData(chunk: Uint8Array): void {
    this.#contain(() => {
      if (this.#end === undefined) this.#answer?.push(chunk);
    });
  }

  ended(how: ExchangeEnd, error?: unknown): void {
    this.#contain(() => {
      if (this.#end !== undefined) return;
      this.#end = { how, error, at: this.#settings.now() };
      if (this.#requestIsRead) this.#endAnswer();
      else this.#endRequest(false);
    });
  }

  #endRequest(isComplete: boolean): void {
    if (this.#requestIsOver) return;
    this.#requestIsOver = true;
    this.#request.end(isComplete, () => {
      this.#requestIsRead = true;
      const model = this.#model;
      if (isComplete && model !== undefined) this.#contain(() => this.#begin(model));
      if (this.#end !== undefined) this.#endAnswer();
    });
  }

  #endAnswer(): void {
    const settle = (): void => this.#contain(() => this.#settle());
    if (this.#answer === undefined) settle();
    else this.#answer.end(settle);
  }

  get #model(): string | undefined {
    return this.#request.model ?? this.#exchange.endpoint.model;
  }

  #begin(model: string | undefined): void {
    const { graph, endpoint, values } = this.#exchange;
    const streams = this.#wantsStream() ?? this.#answer?.isStreamed ?? endpoint.streamsByDefault;
    const requestType = endpoint.requestType === 'ask' ? (streams ? 'stream' : 'generate') : endpoint.requestType;
    this.#record.begin(this.#settings.labels.of({ model, graph, requestType, values }));
  }

  #chunk(chunk: Fields, hasOutput: boolean): void {
    const answer = this.#answer;
    if (answer === undefined) return;
    const { response } = answer;
    const isInformative =
      hasOutput ||
      response.finishReason !== undefined ||
      response.timings !== undefined ||
      response.usage !== undefined;
    if (!this.#record.hasBegun) {
      const model = this.#model ?? reportedModel(chunk);
      if (model !== undefined || isInformative) this.#begin(model);
    }
    if (isInformative) this.#record.streams(response);
    // A compressed response may be decoded after its end.
    if (hasOutput) this.#record.output(this.#end?.at ?? this.#settings.now());
  }

  #settle(): void {
    const end = this.#end;
    if (end === undefined) return;
    const verdict = this.#answer?.verdict();
    if (!this.#record.hasBegun) {
      // The request did not reach a model. The proxy server counts rejected requests.
      if (end.how === 'refused') return;
      this.#begin(this.#model ?? reportedModel({ model: verdict?.model }));
    }
    const outcome = guarded(this.#settings, () => this.#outcome(end.how, end.error, verdict)) ?? failed('unknown');
    this.#record.end(outcome, end.at);
  }

  #outcome(how: ExchangeEnd, error: unknown, verdict: ResponseVerdict | undefined): Outcome {
    const { status = 0, isInspected = true } = this.#answer ?? {};
    // The error describes the failure better than the error response of the proxy.
    if (how === 'upstream-failed' && error !== undefined && (status === 502 || status === 504)) {
      return upstreamFailure(error, false);
    }
    const { isComplete = false, reading = {} } = verdict ?? {};
    if (reading.errorType !== undefined) return { ...failed(reading.errorType), reading };
    // A client that disconnects after a complete response has its answer, so this is a success.
    if (isComplete) return { kind: 'answered', reading };
    if (how === 'client-left') return { kind: 'cancelled' };
    if (how === 'upstream-failed') return upstreamFailure(error, status !== 0);
    if (how === 'refused') return failed(ModelUnavailableError.name);
    if (isInspected) return failed(ModelProtocolError.name);
    return {
      kind: 'answered',
      reading: { ...reading, finishReason: reading.finishReason ?? 'other', isUnread: false },
    };
  }

  #wantsStream(): boolean | undefined {
    const { requestType, streamsByDefault } = this.#exchange.endpoint;
    if (requestType !== 'ask') return false;
    return this.#request.isComplete ? (this.#request.stream ?? streamsByDefault) : undefined;
  }

  #uninspected(body: 'request' | 'answer', reason: UninspectedReason): void {
    instrumentsOf(this.#settings.collector).proxyUninspected.series(body, reason).inc();
  }

  #contain(work: () => void): void {
    guarded(this.#settings, work);
  }
}

function failed(errorType: string): Outcome & { readonly kind: 'failed' } {
  return { kind: 'failed', errorType, isTimeout: false };
}

/** The model that a response, or a chunk of one, names. */
function reportedModel(fields: Fields | undefined): string | undefined {
  const { model, response }: Fields = fields ?? {};
  const stated = model ?? (isFields(response) ? response.model : undefined);
  return typeof stated === 'string' && stated !== '' ? stated : undefined;
}
