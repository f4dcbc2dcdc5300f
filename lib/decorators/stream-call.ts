import { performance } from 'node:perf_hooks';
import type { CallSeries, StreamRecorder } from './call-series.js';
import { guarded, settleFailure, settleStream } from './settle.js';

/** What happens to a stream. */
export interface StreamListener {
  /** A chunk has come. */
  chunk(value: unknown): void;
  /** The stream is at its end; `value` is what a generator returned. */
  end(value?: unknown): void;
  /** The consumer left before the end. */
  leave(): void;
  /** The stream threw. */
  fail(error: unknown): void;
}

/** A call whose result is a stream, from its start to whichever of its ends comes first. */
export class StreamCall implements StreamListener {
  readonly #recorder: StreamRecorder;
  readonly #onAbort = ({ target }: Event): void => this.fail((target as AbortSignal).reason);
  #settled = false;

  /** `started` is in milliseconds of `performance.now()`; an abort of any of the signals ends the call. */
  constructor(
    private readonly series: CallSeries,
    private readonly started: number,
    private readonly signals: readonly AbortSignal[],
  ) {
    this.#recorder = series.recordStream(started);
    for (const signal of signals) signal.addEventListener('abort', this.#onAbort);
  }

  get settled(): boolean {
    return this.#settled;
  }

  chunk(value: unknown): void {
    if (!this.#settled) guarded(this.series, () => this.#recorder.chunk(value, performance.now()));
  }

  end(value?: unknown): void {
    if (!this.#settled && value !== undefined) guarded(this.series, () => this.#recorder.returned(value));
    this.#settleOnce(() => settleStream(this.series, this.started, () => this.#recorder.finish(true)));
  }

  leave(): void {
    this.#settleOnce(() => settleStream(this.series, this.started, () => this.#recorder.finish(false)));
  }

  fail(error: unknown): void {
    this.#settleOnce(() => settleFailure(this.series, this.started, error, this.signals));
  }

  #settleOnce(settle: () => void): void {
    if (this.#settled) return;
    this.#settled = true;
    for (const signal of this.signals) signal.removeEventListener('abort', this.#onAbort);
    settle();
  }
}

/** Every unsettled call that gave the same stream; keeps the stream alive as long as one of its iterators is. */
export class StreamCalls implements StreamListener {
  readonly #calls = new Set<StreamCall>();

  constructor(readonly stream: object) {}

  add(call: StreamCall): void {
    for (const known of this.#calls) if (known.settled) this.#calls.delete(known);
    this.#calls.add(call);
  }

  chunk(value: unknown): void {
    for (const call of this.#calls) call.chunk(value);
  }

  end(value?: unknown): void {
    for (const call of this.#calls) call.end(value);
  }

  leave(): void {
    for (const call of this.#calls) call.leave();
  }

  fail(error: unknown): void {
    for (const call of this.#calls) call.fail(error);
  }
}
