import type { MetricsCollector } from '../collector/collector.js';
import type { CallContext } from '../metrics/call-context.js';
import { WRITES_CELL } from '../metrics/cells.js';
import type { CounterSeries } from '../metrics/counter.js';
import type { GaugeSeries } from '../metrics/gauge.js';
import type { HistogramSeries } from '../metrics/histogram.js';
import { isThenable } from '../metrics/is-thenable.js';
import type { ResponseReading } from '../providers/response-reader.js';
import type { StreamedResponse } from '../providers/streamed-response.js';
import type { TrackOptions } from './call-options.js';

/**
 * Where the instrumentation failed: in a function from the application's options, while reading a result or its usage,
 * or with the application's own prom-client metrics (`foreign`).
 */
export type InstrumentationSite = 'label' | 'usage' | 'classify_error' | 'is_error' | 'stream' | 'result' | 'foreign';

/** Records a stream while its chunks arrive. */
export interface StreamRecorder {
  /** Whether the input and output tokens are known, or are not recorded for this call. */
  readonly hasUsage: boolean;
  /** Whether the finish reason is known, or is not recorded for this call. */
  readonly hasFinishReason: boolean;
  /** A chunk arrived. `now` is in milliseconds of `performance.now()`. */
  chunk(value: unknown, now: number): void;
  /** A chunk with output arrived. The caller has already added it to the response that it passed to `recordStream`. */
  output(now: number): void;
  /** A generator returned a value in addition to its chunks. */
  returned(value: unknown): void;
  /**
   * The stream ended, or its consumer stopped reading before the end. `known` contains facts that the chunks don't
   * contain.
   */
  finish(complete: boolean, known?: Pick<ResponseReading, 'finishReason' | 'isUnread'>): void;
  /** The stream failed or was aborted. The failure has been counted, the tokens in the chunks have not. */
  fail(): void;
}

/** The series that each call has, whether it is a request, a node or a graph. */
export interface BoundSeries {
  readonly calls: CounterSeries;
  readonly active: GaugeSeries;
  readonly duration: HistogramSeries;
}

/** The series that a tracked call writes to, and how one kind of call records its end. */
export abstract class CallSeries {
  readonly calls: CounterSeries;
  readonly active: GaugeSeries;
  readonly duration: HistogramSeries;
  /** Whether the application's `isError` decides which results count as errors. */
  readonly checksResults: boolean;
  /** The context of calls inside this call, if it differs from the context of the call itself. */
  readonly scope: CallContext | undefined = undefined;

  constructor(
    bound: BoundSeries,
    readonly options: TrackOptions,
    readonly collector: MetricsCollector,
  ) {
    this.checksResults = options.isError !== undefined;
    this.calls = bound.calls;
    this.active = bound.active;
    this.duration = bound.duration;
  }

  /** Whether the call is a request to a model. */
  get isRequest(): boolean {
    return false;
  }

  /** Whether any of the series is the overflow series `other`, because its metric has reached the limit. */
  get folded(): boolean {
    return this.calls.isOverflow || this.active.isOverflow || this.duration.isOverflow;
  }

  /**
   * Counts the start of a call and increments the gauge of active calls. Returns the series to settle the call with.
   *
   * If the stack overflows, neither value is written. To ensure this, the function changes both values directly,
   * without another call, as its last steps.
   */
  begin(): CallSeries {
    const { calls, active } = this;
    calls.page[calls.offset]! += 1;
    if (calls.page !== active.page) calls.page[WRITES_CELL]! += 1;
    active.page[active.offset]! += 1;
    active.page[WRITES_CELL]! += 1;
    return this;
  }

  /** Ends a call: decrements the gauge and records the duration. */
  ended(seconds: number): void {
    this.active.decrement();
    this.timed(seconds);
  }

  /** Records the duration of a call whose gauge has been decremented. */
  timed(seconds: number): void {
    this.duration.record(seconds);
  }

  /** The call failed, or returned a result that counts as an error. */
  abstract failed(errorType: string, isTimeout: boolean): void;

  /** The caller cancelled the call. */
  abstract cancelled(): void;

  /** The call returned a result that doesn't count as an error. */
  succeeded(_result: unknown): void {}

  /** The call returned a response that has already been read. */
  answered(_reading: ResponseReading): void {}

  /**
   * Records a stream. `started` is in milliseconds of `performance.now()`.
   *
   * If a response is passed, the caller adds the chunks to it. Otherwise, the recorder adds the chunks to a new one.
   */
  recordStream(_started: number, _response?: StreamedResponse): StreamRecorder {
    return {
      hasUsage: true,
      hasFinishReason: true,
      chunk: () => {},
      output: () => {},
      returned: () => {},
      finish: (complete) => {
        if (!complete) this.cancelled();
      },
      fail: () => {},
    };
  }
}

/**
 * Ignores the rejection of a promise that a synchronous callback returned. Returns whether the value is a promise.
 */
export function ignoreRejection(value: unknown): boolean {
  if (!isThenable(value)) return false;
  Promise.resolve(value).catch(() => {});
  return true;
}

/** Counts an instrumentation failure that was not passed on to the tracked method. */
export function countInstrumentationError(collector: MetricsCollector, site: InstrumentationSite): void {
  collector.instruments.instrumentationErrors.series(site).inc();
}
