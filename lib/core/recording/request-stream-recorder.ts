import type { HistogramSeries } from '../metrics/histogram.js';
import type { ResponseReading } from '../providers/response-reader.js';
import type { StreamedResponse } from '../providers/streamed-response.js';
import type { TokenUsage } from '../providers/token-usage.js';
import type { CallSeries, StreamRecorder } from './call-series.js';
import type { LazySeries } from './lazy-series.js';
import { recordFailure } from './settle.js';

/** The series of a request that the recorder writes to. */
export interface StreamedRequest extends CallSeries {
  readonly timeToFirstToken: LazySeries<HistogramSeries>;
  readonly interTokenLatency: LazySeries<HistogramSeries>;
  /** Whether a function of the application reads the usage. */
  readonly extractsUsage: boolean;
  usageOf(result: unknown, read: TokenUsage | undefined): TokenUsage | undefined;
  recordResponse(usage: TokenUsage | undefined, reading: ResponseReading): void;
  recordUsage(usage: TokenUsage | undefined, reading: Pick<ResponseReading, 'timings'>): void;
  recordTimePerToken(seconds: number, tokens: number | undefined): void;
}

/** Records the stream of one request: its first output, the gaps between chunks, and the facts in the chunks. */
export class RequestStreamRecorder implements StreamRecorder {
  readonly #response: StreamedResponse;
  #extracted: TokenUsage | undefined;
  #firstChunk: number | undefined;
  #lastChunk = 0;
  #chunks = 0;

  /** `started` is in milliseconds of `performance.now()`. */
  constructor(
    private readonly series: StreamedRequest,
    private readonly started: number,
    response: StreamedResponse,
  ) {
    this.#response = response;
  }

  get hasUsage(): boolean {
    const { inputTokens, outputTokens } = this.#usage ?? {};
    return inputTokens !== undefined && outputTokens !== undefined;
  }

  get hasFinishReason(): boolean {
    return this.#response.finishReason !== undefined;
  }

  chunk(value: unknown, now: number): void {
    const hasOutput = this.#response.add(value);
    // Chunks before the first output only announce a response. All later chunks arrive while the model generates.
    if (hasOutput || this.#firstChunk !== undefined) this.output(now);
    if (this.series.extractsUsage) this.#extract(value);
  }

  output(now: number): void {
    if (this.#firstChunk === undefined) {
      this.#firstChunk = now;
      this.series.timeToFirstToken.get().record((now - this.started) / 1_000);
    } else {
      this.series.interTokenLatency.get().record((now - this.#lastChunk) / 1_000);
    }
    this.#lastChunk = now;
    this.#chunks++;
  }

  returned(value: unknown): void {
    this.#response.addWhole(value);
    if (this.series.extractsUsage) this.#extract(value);
  }

  finish(isComplete: boolean, known: Pick<ResponseReading, 'finishReason' | 'isUnread'> = {}): void {
    const { thrown, errorType, timings } = this.#response;
    const usage = this.#usage;
    if (thrown !== undefined) {
      recordFailure(this.series, thrown.error, []);
      this.series.recordUsage(usage, { timings });
    } else if (errorType !== undefined) {
      this.series.failed(errorType, false);
      this.series.recordUsage(usage, { timings });
    } else if (isComplete || this.#response.isComplete) {
      const finishReason = this.#response.finishReason ?? known.finishReason;
      this.series.recordResponse(usage, { finishReason, timings, isUnread: known.isUnread ?? this.#response.isUnread });
      this.#recordTimePerToken();
    } else {
      this.series.cancelled();
      this.series.recordUsage(usage, { timings });
      this.#recordTimePerToken();
    }
  }

  fail(): void {
    this.series.recordUsage(this.#usage, this.#response);
  }

  get #usage(): TokenUsage | undefined {
    return this.series.extractsUsage ? this.#extracted : this.#response.usage;
  }

  /** The application's function reads each chunk. The latest value of each count is kept. */
  #extract(value: unknown): void {
    const usage = this.series.usageOf(value, undefined);
    if (usage !== undefined && usage !== null) {
      const known = Object.entries(usage).filter(([, count]) => count !== undefined && count !== null);
      this.#extracted = { ...this.#extracted, ...Object.fromEntries(known) };
    }
  }

  /**
   * Records the duration per token that the provider measured.
   *
   * Otherwise, records (last chunk − first) / (n − 1). n is the number of tokens or, if that is unknown, the number of
   * chunks. With a single chunk, the duration is unknown.
   */
  #recordTimePerToken(): void {
    const { outputSeconds } = this.#response.timings ?? {};
    const tokens = this.#usage?.outputTokens ?? this.#chunks;
    if (outputSeconds !== undefined) {
      this.series.recordTimePerToken(outputSeconds, tokens);
    } else if (this.#firstChunk !== undefined && this.#chunks > 1) {
      this.series.recordTimePerToken((this.#lastChunk - this.#firstChunk) / 1_000, tokens - 1);
    }
  }
}
