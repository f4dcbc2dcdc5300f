import type { MetricsCollector } from '../collector/collector.js';
import type { CounterSeries } from '../metrics/counter.js';
import type { HistogramSeries } from '../metrics/histogram.js';
import { activeTrace } from '../metrics/trace-context.js';
import { CallSeries, countInstrumentationError, isLate, type StreamRecorder } from './call-series.js';
import { type FinishReason, finishReasonOf } from './finish-reason.js';
import { LazySeries } from './lazy-series.js';
import type { TrackRequestOptions } from './options.js';
import type { RequestFacts, RequestFactsRecorder } from './request-facts.js';
import { RequestStreamRecorder } from './request-stream-recorder.js';
import { guarded } from './settle.js';
import { timingsOf } from './timings.js';
import { TracedRequest } from './traced-request.js';
import { defaultUsage, isFields, type TokenUsage } from './usage.js';

/** The series of one model, graph and request type. */
export class RequestSeries extends CallSeries implements RequestFactsRecorder {
  readonly model: string;
  readonly graph: string;
  readonly #readUsage: (result: unknown) => TokenUsage | undefined;
  readonly timeToFirstToken: LazySeries<HistogramSeries>;
  readonly interTokenLatency: LazySeries<HistogramSeries>;
  readonly #inputTokens: LazySeries<CounterSeries>;
  readonly #outputTokens: LazySeries<CounterSeries>;
  readonly #requestInputTokens: LazySeries<HistogramSeries>;
  readonly #requestOutputTokens: LazySeries<HistogramSeries>;
  readonly #finishedBy = new Map<FinishReason, LazySeries<CounterSeries>>();

  constructor(values: readonly string[], options: TrackRequestOptions, collector: MetricsCollector) {
    const [model, graph, requestType] = values as readonly [string, string, string];
    const { requests, activeRequests, requestLatency, inputTokens, outputTokens } = collector.instruments;
    super(
      {
        calls: requests.series(model, graph, requestType),
        active: activeRequests.series(model, graph),
        duration: requestLatency.series(model, graph),
      },
      options,
      collector,
    );
    this.model = model;
    this.graph = graph;
    const labels = [model, graph];
    this.timeToFirstToken = new LazySeries(collector.instruments.timeToFirstToken, labels);
    this.interTokenLatency = new LazySeries(collector.instruments.interTokenLatency, [model]);
    this.#inputTokens = new LazySeries(inputTokens, labels);
    this.#outputTokens = new LazySeries(outputTokens, labels);
    this.#requestInputTokens = new LazySeries(collector.instruments.requestInputTokens, labels);
    this.#requestOutputTokens = new LazySeries(collector.instruments.requestOutputTokens, labels);
    this.#readUsage = options.usage ?? defaultUsage;
    inputTokens.series(model, graph);
    outputTokens.series(model, graph);
  }

  override begin(): CallSeries {
    super.begin();
    const trace = activeTrace();
    if (trace === undefined) return this;
    this.collector.instruments.requests.exemplify(this.calls, 1, trace);
    return new TracedRequest(this, trace);
  }

  override succeeded(result: unknown): void {
    if (this.tellsNothing(result)) this.#finished('stop');
    else this.#recordResult(this.factsOf(result));
  }

  override failed(errorType: string, isTimeout: boolean): void {
    this.collector.incrementErrorCount({ errorType, model: this.model, graph: this.graph });
    this.#finished(isTimeout ? 'timeout' : 'error');
  }

  override cancelled(): void {
    this.#finished('cancelled');
  }

  override recordStream(started: number): StreamRecorder {
    return new RequestStreamRecorder(this, started);
  }

  tellsNothing(result: unknown): boolean {
    return this.#readUsage === defaultUsage && !isFields(result);
  }

  factsOf(result: unknown): RequestFacts {
    return {
      usage: this.#usageOf(result),
      timings: guarded(this, () => timingsOf(result)),
      finishReason: guarded(this, () => finishReasonOf(result)),
    };
  }

  recordFacts({ finishReason = 'stop', ...spent }: RequestFacts): void {
    this.#finished(finishReason);
    this.recordSpent(spent);
  }

  recordSpent({ usage, timings }: Omit<RequestFacts, 'finishReason'>): void {
    if (usage !== undefined) this.#recordTokens(usage);
    if (timings?.loadSeconds !== undefined) {
      this.collector.instruments.modelLoadDuration.series(this.model).observe(timings.loadSeconds);
    }
  }

  recordTimePerToken(seconds: number, tokens: number | undefined): void {
    if (tokens === undefined || tokens <= 0) return;
    this.collector.instruments.timePerOutputToken.series(this.model).observe(seconds / tokens);
  }

  #recordResult(facts: RequestFacts): void {
    this.recordFacts(facts);
    if (facts.timings?.firstTokenSeconds !== undefined) {
      this.timeToFirstToken.get().observe(facts.timings.firstTokenSeconds);
    }
    if (facts.timings?.outputSeconds !== undefined) {
      this.recordTimePerToken(facts.timings.outputSeconds, facts.usage?.outputTokens);
    }
  }

  #usageOf(result: unknown): TokenUsage | undefined {
    try {
      const usage = this.#readUsage(result);
      if (!isLate(usage)) return usage;
    } catch {
      // Falls through: an extractor that throws and one that gives a promise are counted alike.
    }
    countInstrumentationError(this.collector, 'usage');
    return undefined;
  }

  #recordTokens(usage: TokenUsage): void {
    // Extractors in plain JavaScript say null for what is not known.
    const inputTokens = usage.inputTokens ?? undefined;
    const outputTokens = usage.outputTokens ?? undefined;
    if (!isCount(inputTokens) || !isCount(outputTokens)) {
      countInstrumentationError(this.collector, 'usage');
      return;
    }
    if (inputTokens !== undefined) {
      this.#inputTokens.get().inc(inputTokens);
      this.#requestInputTokens.get().record(inputTokens);
    }
    if (outputTokens !== undefined) {
      this.#outputTokens.get().inc(outputTokens);
      this.#requestOutputTokens.get().record(outputTokens);
    }
  }

  #finished(reason: FinishReason): void {
    let series = this.#finishedBy.get(reason);
    if (series === undefined) {
      series = new LazySeries(this.collector.instruments.requestsFinished, [this.model, this.graph, reason]);
      this.#finishedBy.set(reason, series);
    }
    series.get().increment();
  }
}

function isCount(tokens: number | undefined): boolean {
  return tokens === undefined || (Number.isFinite(tokens) && tokens >= 0);
}
