import type { StreamRecorder } from './call-series.js';
import { carriesOutput } from './carries-output.js';
import type { RequestFacts, RequestFactsRecorder } from './request-facts.js';

/** Follows the stream of one request: first output, gaps, and what its chunks tell, the latest of each. */
export class RequestStreamRecorder implements StreamRecorder {
  #firstChunk: number | undefined;
  #lastChunk = 0;
  #chunks = 0;
  #facts: RequestFacts = { usage: undefined, timings: undefined, finishReason: undefined };

  /** `started` is in milliseconds of `performance.now()`. */
  constructor(
    private readonly series: RequestFactsRecorder,
    private readonly started: number,
  ) {}

  chunk(value: unknown, now: number): void {
    // What comes before the first output says that an answer begins, and is no part of it.
    if (this.#firstChunk !== undefined || carriesOutput(value)) this.#timed(now);
    this.returned(value);
  }

  returned(value: unknown): void {
    if (this.series.tellsNothing(value)) return;
    const { usage, timings, finishReason } = this.series.factsOf(value);
    const before = this.#facts;
    this.#facts = {
      usage: {
        inputTokens: usage?.inputTokens ?? before.usage?.inputTokens,
        outputTokens: usage?.outputTokens ?? before.usage?.outputTokens,
      },
      timings: timings ?? before.timings,
      finishReason: finishReason ?? before.finishReason,
    };
  }

  finish(complete: boolean): void {
    const facts = this.#facts;
    this.series.recordFacts({ ...facts, finishReason: facts.finishReason ?? (complete ? 'stop' : 'cancelled') });
    this.#recordTimePerToken(facts);
  }

  fail(): void {
    this.series.recordSpent(this.#facts);
  }

  #timed(now: number): void {
    if (this.#firstChunk === undefined) {
      this.#firstChunk = now;
      this.series.timeToFirstToken.get().record((now - this.started) / 1_000);
    } else {
      this.series.interTokenLatency.get().record((now - this.#lastChunk) / 1_000);
    }
    this.#lastChunk = now;
    this.#chunks++;
  }

  /**
   * The provider's own figure; else (last chunk − first) / (n − 1), n in tokens or, when unknown, chunks. A single chunk
   * tells nothing of it.
   */
  #recordTimePerToken({ usage, timings }: RequestFacts): void {
    if (timings?.outputSeconds !== undefined) {
      this.series.recordTimePerToken(timings.outputSeconds, usage?.outputTokens ?? this.#chunks);
    } else if (this.#firstChunk !== undefined && this.#chunks > 1) {
      const tokens = usage?.outputTokens ?? this.#chunks;
      this.series.recordTimePerToken((this.#lastChunk - this.#firstChunk) / 1_000, tokens - 1);
    }
  }
}
