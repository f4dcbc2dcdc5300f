import type { MetricsCollector } from '../collector.js';
import type { CounterSeries } from '../metrics/counter.js';
import { CallSeries, countInstrumentationError, type StreamRecorder } from './call-series.js';
import { type FinishReason, finishReasonOf } from './finish-reason.js';
import type { TrackRequestOptions } from './options.js';
import type { RequestFacts, RequestFactsRecorder } from './request-facts.js';
import { RequestStreamRecorder } from './request-stream-recorder.js';
import { timingsOf } from './timings.js';
import { defaultUsage, type TokenUsage } from './usage.js';

/** The series of one model, graph and request type. */
export class RequestSeries extends CallSeries implements RequestFactsRecorder {
  readonly model: string;
  readonly graph: string;
  readonly #readUsage: (result: unknown) => TokenUsage | undefined;
  readonly #finishedBy = new Map<FinishReason, CounterSeries>();

  constructor(values: readonly string[], options: TrackRequestOptions, collector: MetricsCollector) {
    const [model = '', graph = '', requestType = ''] = values;
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
    this.#readUsage = options.usage ?? defaultUsage;
    inputTokens.series(model, graph);
    outputTokens.series(model, graph);
  }

  override succeeded(result: unknown): void {
    const facts = this.factsOf(result);
    this.recordFacts(facts);
    if (facts.timings?.outputSeconds !== undefined) {
      this.recordTimePerToken(facts.timings.outputSeconds, facts.usage?.outputTokens);
    }
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

  /** Reads what a result or a chunk tells; a usage extractor that throws is counted. */
  factsOf(result: unknown): RequestFacts {
    return { usage: this.#usageOf(result), timings: timingsOf(result), finishReason: finishReasonOf(result) };
  }

  /** Records tokens, load time and finish reason, `stop` when none is stated. */
  recordFacts({ usage, timings, finishReason = 'stop' }: RequestFacts): void {
    this.#finished(finishReason);
    if (usage !== undefined) this.#recordTokens(usage);
    if (timings?.loadSeconds !== undefined) {
      this.collector.instruments.modelLoadDuration.series(this.model).observe(timings.loadSeconds);
    }
  }

  /** Records the mean time of a token, from the time all of them took; nothing when there were none. */
  recordTimePerToken(seconds: number, tokens: number | undefined): void {
    if (tokens === undefined || tokens <= 0) return;
    this.collector.instruments.timePerOutputToken.series(this.model).observe(seconds / tokens);
  }

  #usageOf(result: unknown): TokenUsage | undefined {
    try {
      return this.#readUsage(result);
    } catch {
      countInstrumentationError(this.collector, 'usage');
      return undefined;
    }
  }

  #recordTokens({ inputTokens, outputTokens }: TokenUsage): void {
    try {
      this.collector.recordTokens({ inputTokens, outputTokens, model: this.model, graph: this.graph });
    } catch {
      countInstrumentationError(this.collector, 'usage');
    }
  }

  #finished(reason: FinishReason): void {
    let series = this.#finishedBy.get(reason);
    if (series === undefined) {
      series = this.collector.instruments.requestsFinished.series(this.model, this.graph, reason);
      if (!series.isOverflow) this.#finishedBy.set(reason, series);
    }
    series.inc();
  }
}
