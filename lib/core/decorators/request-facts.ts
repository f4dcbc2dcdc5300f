import type { HistogramSeries } from '../metrics/histogram.js';
import type { FinishReason } from './finish-reason.js';
import type { LazySeries } from './lazy-series.js';
import type { ProviderTimings } from './timings.js';
import type { TokenUsage } from './usage.js';

/** What a result, or a stream when it is over, tells of its request. */
export interface RequestFacts {
  readonly usage: TokenUsage | undefined;
  readonly timings: ProviderTimings | undefined;
  readonly finishReason: FinishReason | undefined;
}

/** What reads a request's facts off its results and chunks, and records them. */
export interface RequestFactsRecorder {
  readonly timeToFirstToken: LazySeries<HistogramSeries>;
  readonly interTokenLatency: LazySeries<HistogramSeries>;
  /** Whether there is nothing to read off a result or a chunk: text, or nothing at all. */
  tellsNothing(result: unknown): boolean;
  /** Reads what a result or a chunk tells; a usage extractor that throws is counted. */
  factsOf(result: unknown): RequestFacts;
  /** Records tokens, load time and finish reason, `stop` when none is stated. */
  recordFacts(facts: RequestFacts): void;
  /** Records tokens and load time alone, of a request whose end is recorded elsewhere. */
  recordSpent(facts: Omit<RequestFacts, 'finishReason'>): void;
  /** Records the mean time of a token, from the seconds all of them took; nothing when there were none. */
  recordTimePerToken(seconds: number, tokens: number | undefined): void;
}
