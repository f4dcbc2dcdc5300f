import type { MetricsCollector } from '../collector/collector.js';
import { WRITES_CELL } from '../metrics/cells.js';
import type { CounterSeries } from '../metrics/counter.js';
import type { GaugeSeries } from '../metrics/gauge.js';
import type { HistogramSeries } from '../metrics/histogram.js';
import { isThenable } from '../metrics/is-thenable.js';
import type { ResponseReading } from '../providers/response-reader.js';
import type { StreamedResponse } from '../providers/streamed-response.js';
import type { TrackOptions } from './call-options.js';

/** Where in the instrumentation something of the user's was called, or looked at, and failed. */
export type InstrumentationSite = 'label' | 'usage' | 'classify_error' | 'is_error' | 'result' | 'foreign';

/** What follows a stream as its chunks pass. */
export interface StreamRecorder {
  /** A chunk has come; `now` is in milliseconds of `performance.now()`. */
  chunk(value: unknown, now: number): void;
  /** A chunk with output has come, which the given response has read already. */
  output(now: number): void;
  /** A generator has returned a value besides its chunks. */
  returned(value: unknown): void;
  /**
   * The stream came to its end, or its consumer left before that. `known` is what its observer knows beyond the chunks.
   */
  finish(complete: boolean, known?: Pick<ResponseReading, 'finishReason' | 'isUnread'>): void;
  /** The stream failed, or was aborted; that has been counted, what its chunks told has not. */
  fail(): void;
}

/** The series that every kind of call writes to. */
export interface BoundSeries {
  readonly calls: CounterSeries;
  readonly active: GaugeSeries;
  readonly duration: HistogramSeries;
}

/** What one decorated call writes to: the series every kind of call has, and what a kind adds at its end. */
export abstract class CallSeries {
  readonly calls: CounterSeries;
  readonly active: GaugeSeries;
  readonly duration: HistogramSeries;
  /** Whether a result may count as an error. */
  readonly checksResults: boolean;

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

  /** Whether any of the series is the one that takes what is past the cap. */
  get folded(): boolean {
    return this.calls.isOverflow || this.active.isOverflow || this.duration.isOverflow;
  }

  /**
   * Counts a call that begins and raises the gauge; what it gives is what to settle the call with.
   *
   * Both or, if the stack overflows, none: they are written by this function itself, as its last steps.
   */
  begin(): CallSeries {
    const { calls, active } = this;
    calls.page[calls.offset]! += 1;
    if (calls.page !== active.page) calls.page[WRITES_CELL]! += 1;
    active.page[active.offset]! += 1;
    active.page[WRITES_CELL]! += 1;
    return this;
  }

  /** Ends a call: no longer active, and as long as it took. */
  ended(seconds: number): void {
    this.active.decrement();
    this.timed(seconds);
  }

  /** Records how long a call took that is no longer active. */
  timed(seconds: number): void {
    this.duration.record(seconds);
  }

  /** The call failed, or gave a result that counts as an error. */
  abstract failed(errorType: string, isTimeout: boolean): void;

  /** The caller gave up on the call. */
  abstract cancelled(): void;

  /** The call gave a result that is no error. */
  succeeded(_result: unknown): void {}

  /** The call gave a response that has been read already. */
  answered(_reading: ResponseReading): void {}

  /**
   * Follows a stream; `started` is in milliseconds of `performance.now()`. A response that is given reads the chunks; by
   * default the recorder does.
   */
  recordStream(_started: number, _response?: StreamedResponse): StreamRecorder {
    return {
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

/** Whether a callback that must answer at once gave a promise; its rejection is then kept from the process. */
export function isLate(value: unknown): boolean {
  if (!isThenable(value)) return false;
  Promise.resolve(value).catch(() => {});
  return true;
}

/** Counts a failure of instrumentation that was kept from the method it measures. */
export function countInstrumentationError(collector: MetricsCollector, site: InstrumentationSite): void {
  collector.instruments.instrumentationErrors.series(site).inc();
}
