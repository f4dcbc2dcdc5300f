import type { MetricsCollector } from '../collector/collector.js';
import type { CounterSeries } from '../metrics/counter.js';
import type { HistogramSeries } from '../metrics/histogram.js';
import { activeTrace } from '../metrics/trace-context.js';
import { isFields } from '../providers/fields.js';
import type { FinishReason } from '../providers/finish-reason.js';
import { readResponse } from '../providers/read-response.js';
import type { ProviderTimings, ResponseReading } from '../providers/response-reader.js';
import { StreamedResponse } from '../providers/streamed-response.js';
import { type TokenUsage, tokenCounts } from '../providers/token-usage.js';
import type { TrackRequestOptions } from './call-options.js';
import { CallSeries, countInstrumentationError, ignoreRejection, type StreamRecorder } from './call-series.js';
import { LazySeries } from './lazy-series.js';
import { RequestStreamRecorder } from './request-stream-recorder.js';
import { TracedRequest } from './traced-request.js';

/** The series of one model, graph and request type. */
export class RequestSeries extends CallSeries {
  readonly model: string;
  readonly graph: string;
  /** The values of the additional labels. */
  readonly #additional: readonly string[];
  readonly timeToFirstToken: LazySeries<HistogramSeries>;
  readonly interTokenLatency: LazySeries<HistogramSeries>;
  readonly #extractUsage: ((result: unknown) => TokenUsage | undefined) | undefined;
  readonly #inputTokens: LazySeries<CounterSeries>;
  readonly #outputTokens: LazySeries<CounterSeries>;
  readonly #cachedInputTokens: LazySeries<CounterSeries>;
  readonly #cacheWriteTokens: LazySeries<CounterSeries>;
  readonly #reasoningTokens: LazySeries<CounterSeries>;
  readonly #requestInputTokens: LazySeries<HistogramSeries>;
  readonly #requestOutputTokens: LazySeries<HistogramSeries>;
  readonly #stopped: LazySeries<CounterSeries>;
  readonly #finishedBy = new Map<FinishReason, LazySeries<CounterSeries>>();

  constructor(values: readonly string[], options: TrackRequestOptions, collector: MetricsCollector) {
    const [model, graph, requestType, ...additional] = values as readonly [string, string, string, ...string[]];
    const { instruments } = collector;
    super(
      {
        calls: instruments.requests.series(model, graph, requestType, ...additional),
        active: instruments.activeRequests.series(model, graph, ...additional),
        duration: instruments.requestLatency.series(model, graph, ...additional),
      },
      options,
      collector,
    );
    this.model = model;
    this.graph = graph;
    this.#additional = additional;
    const labels = [model, graph, ...additional];
    this.timeToFirstToken = new LazySeries(instruments.timeToFirstToken, labels);
    this.interTokenLatency = new LazySeries(instruments.interTokenLatency, [model, ...additional]);
    this.#inputTokens = new LazySeries(instruments.inputTokens, labels);
    this.#outputTokens = new LazySeries(instruments.outputTokens, labels);
    this.#cachedInputTokens = new LazySeries(instruments.cachedInputTokens, labels);
    this.#cacheWriteTokens = new LazySeries(instruments.cacheWriteTokens, labels);
    this.#reasoningTokens = new LazySeries(instruments.reasoningTokens, labels);
    this.#requestInputTokens = new LazySeries(instruments.requestInputTokens, labels);
    this.#requestOutputTokens = new LazySeries(instruments.requestOutputTokens, labels);
    this.#stopped = new LazySeries(instruments.requestsFinished, [model, graph, 'stop', ...additional]);
    this.#extractUsage = options.usage;
    instruments.inputTokens.series(model, graph, ...additional);
    instruments.outputTokens.series(model, graph, ...additional);
  }

  override get isRequest(): boolean {
    return true;
  }

  override begin(): CallSeries {
    const trace = activeTrace();
    if (trace === undefined) return super.begin();
    this.collector.instruments.requests.exemplify(this.calls, 1, trace);
    const traced = new TracedRequest(this, trace);
    super.begin();
    return traced;
  }

  override succeeded(result: unknown): void {
    if (this.#extractUsage === undefined && !isFields(result)) {
      this.#finished('stop');
      return;
    }
    const reading = this.#read(result);
    this.#record(this.usageOf(result, reading.usage), reading);
  }

  override answered(reading: ResponseReading): void {
    this.#record(reading.usage, reading);
  }

  override failed(errorType: string, isTimeout: boolean): void {
    this.collector.instruments.errors.series(errorType, this.model, this.graph, ...this.#additional).increment();
    this.#finished(isTimeout ? 'timeout' : 'error');
  }

  override cancelled(): void {
    this.#finished('cancelled');
  }

  override recordStream(started: number, response = new StreamedResponse()): StreamRecorder {
    return new RequestStreamRecorder(this, started, response);
  }

  /** Whether a function of the application reads the usage. */
  get extractsUsage(): boolean {
    return this.#extractUsage !== undefined;
  }

  /**
   * Returns the usage of a result or a chunk: from the application's function if there is one, otherwise the usage
   * already read.
   *
   * A function that throws, or returns a promise or another value that is not a usage, counts as an instrumentation
   * error. If it returns undefined, null or {}, the counts are unknown.
   */
  usageOf(result: unknown, read: TokenUsage | undefined): TokenUsage | undefined {
    if (this.#extractUsage === undefined) return read;
    try {
      const usage = this.#extractUsage(result);
      if (!ignoreRejection(usage) && isUsage(usage)) return usage;
    } catch {
      // A function that throws is counted below, like a function that returns an invalid value.
    }
    countInstrumentationError(this.collector, 'usage');
    return undefined;
  }

  /** Records the end of a response: its finish reason (default `stop`), its tokens and its load time. */
  recordResponse(usage: TokenUsage | undefined, { finishReason = 'stop', isUnread, timings }: ResponseReading): void {
    if (finishReason === 'stop') this.#stopped.get().increment();
    else this.#finished(finishReason);
    this.recordUsage(usage, { timings });
    if (isUnread && this.#extractUsage === undefined) countInstrumentationError(this.collector, 'usage');
  }

  /** Records tokens and load time of a request whose end is recorded separately. */
  recordUsage(usage: TokenUsage | undefined, { timings }: Pick<ResponseReading, 'timings'>): void {
    if (usage !== undefined && usage !== null) this.#recordTokens(usage);
    if (timings !== undefined) this.#recordLoad(timings);
  }

  /** Records the mean time per token from the total duration in seconds. Records nothing if there were no tokens. */
  recordTimePerToken(seconds: number, tokens: number | undefined): void {
    if (tokens === undefined || tokens <= 0) return;
    this.collector.instruments.timePerOutputToken.series(this.model, ...this.#additional).observe(seconds / tokens);
  }

  #record(usage: TokenUsage | undefined, reading: ResponseReading): void {
    const { errorType, timings } = reading;
    // The application's `isError` has priority over an error in the response.
    if (errorType !== undefined && !this.checksResults) {
      this.failed(errorType, false);
      this.recordUsage(usage, reading);
      return;
    }
    this.recordResponse(usage, reading);
    if (timings?.firstTokenSeconds !== undefined) this.timeToFirstToken.get().record(timings.firstTokenSeconds);
    if (timings?.outputSeconds !== undefined) this.recordTimePerToken(timings.outputSeconds, usage?.outputTokens);
  }

  #recordLoad({ loadSeconds, reportedLoadSeconds }: ProviderTimings): void {
    if (reportedLoadSeconds !== undefined) {
      this.collector.recordReportedLoad(this.model, reportedLoadSeconds);
    } else if (loadSeconds !== undefined) {
      this.collector.instruments.modelLoadDuration.series(this.model).observe(loadSeconds);
    }
  }

  #read(result: unknown): ResponseReading {
    try {
      return readResponse(result);
    } catch {
      countInstrumentationError(this.collector, 'result');
      return {};
    }
  }

  #recordTokens(usage: TokenUsage): void {
    const { inputTokens, outputTokens, cachedInputTokens, cacheWriteTokens, reasoningTokens } = usage;
    if (
      !isCount(inputTokens) ||
      !isCount(outputTokens) ||
      !isCount(cachedInputTokens) ||
      !isCount(cacheWriteTokens) ||
      !isCount(reasoningTokens)
    ) {
      countInstrumentationError(this.collector, 'usage');
      return;
    }
    // Functions in plain JavaScript return null for an unknown count.
    if (inputTokens != null) {
      this.#inputTokens.get().add(inputTokens);
      this.#requestInputTokens.get().record(inputTokens);
    }
    if (outputTokens != null) {
      this.#outputTokens.get().add(outputTokens);
      this.#requestOutputTokens.get().record(outputTokens);
    }
    if (cachedInputTokens) this.#cachedInputTokens.get().add(cachedInputTokens);
    if (cacheWriteTokens) this.#cacheWriteTokens.get().add(cacheWriteTokens);
    if (reasoningTokens) this.#reasoningTokens.get().add(reasoningTokens);
  }

  #finished(reason: FinishReason): void {
    let series = reason === 'stop' ? this.#stopped : this.#finishedBy.get(reason);
    if (series === undefined) {
      series = new LazySeries(this.collector.instruments.requestsFinished, [
        this.model,
        this.graph,
        reason,
        ...this.#additional,
      ]);
      this.#finishedBy.set(reason, series);
    }
    series.get().increment();
  }
}

/** Whether a value is an object with token counts, or null, undefined or an empty object, which mean unknown counts. */
function isUsage(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (!isFields(value)) return false;
  const names = Object.keys(value);
  return names.length === 0 || tokenCounts.some((name) => name in value);
}

/** Whether a count is unknown, or a number from 0 to 2^53 - 1. No model reads or writes more tokens. */
function isCount(tokens: number | null | undefined): boolean {
  return tokens == null || (Number.isFinite(tokens) && tokens >= 0 && tokens <= Number.MAX_SAFE_INTEGER);
}
