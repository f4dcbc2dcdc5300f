import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers';
import { type DeferredWork, deferredWork } from '../metrics/deferred-work.js';
import type { CallSeries, StreamRecorder } from './call-series.js';
import type { KnownFacts } from './response-facts.js';
import { guarded, settleFailure, settleStream } from './settle.js';

/** Receives the events of a stream. */
export interface StreamListener {
  /** A chunk arrived. */
  chunk(value: unknown): void;
  /** The stream ended. `value` is the return value of a generator. */
  end(value?: unknown): void;
  /** The consumer stopped reading before the end. */
  leave(): void;
  /** The stream threw. */
  fail(error: unknown): void;
}

/** Receives the events of a stream, and knows the facts about its response. */
export interface ResponseListener extends StreamListener, KnownFacts {
  /** A value about the whole response arrived. The call does not end. */
  returned(value: unknown): void;
}

/**
 * The calls that each signal can end. All share one listener per signal, because Node warns of a leak from the 11th on.
 */
const followers = new WeakMap<AbortSignal, Set<StreamCall>>();

function onAbort({ target }: Event): void {
  const signal = target as AbortSignal;
  for (const call of [...followers.get(signal)!]) call.aborted(signal);
}

function followAbort(signal: AbortSignal, call: StreamCall): void {
  let calls = followers.get(signal);
  if (calls === undefined) {
    calls = new Set();
    followers.set(signal, calls);
  }
  if (calls.size === 0) signal.addEventListener('abort', onAbort);
  calls.add(call);
}

function unfollowAbort(signal: AbortSignal, call: StreamCall): void {
  const calls = followers.get(signal);
  if (calls?.delete(call) && calls.size === 0) signal.removeEventListener('abort', onAbort);
}

/** A call whose result is a stream, until the first event that ends it. */
export class StreamCall implements ResponseListener {
  readonly #recorder: StreamRecorder;
  /**
   * Whether the call has ended or must be settled by the code that created this object. Further events are then
   * ignored.
   */
  settled = false;

  /**
   * Begins to record the stream. An abort of any of the signals ends the call.
   *
   * @param started In milliseconds of `performance.now()`.
   * @param own Signals of the stream itself, which client libraries also abort when the stream fails.
   */
  constructor(
    private readonly series: CallSeries,
    private readonly started: number,
    private readonly signals: readonly AbortSignal[],
    private readonly own: readonly AbortSignal[] = [],
  ) {
    this.#recorder = series.recordStream(started);
    try {
      for (const signal of this.#allSignals()) followAbort(signal, this);
    } catch (error) {
      // The stack is full: the creator of the call settles it.
      this.settled = true;
      throw error;
    }
  }

  /** Stops to follow the stream. The caller must then settle the call. Returns false if the call has ended. */
  withdraw(): boolean {
    if (this.settled) return false;
    this.settled = true;
    for (const signal of this.#allSignals()) unfollowAbort(signal, this);
    return true;
  }

  get hasUsage(): boolean {
    return this.settled || this.#recorder.hasUsage;
  }

  get hasFinishReason(): boolean {
    return this.settled || this.#recorder.hasFinishReason;
  }

  returned(value: unknown): void {
    if (!this.settled && value !== undefined) guarded(this.series, () => this.#recorder.returned(value));
  }

  chunk(value: unknown): void {
    if (!this.settled) guarded(this.series, () => this.#recorder.chunk(value, performance.now()));
  }

  end(value?: unknown): void {
    this.returned(value);
    this.#settleOnce(() => settleStream(this.series, this.started, () => this.#recorder.finish(true)));
  }

  leave(): void {
    this.#settleOnce(() => settleStream(this.series, this.started, () => this.#recorder.finish(false)));
  }

  fail(error: unknown): void {
    this.#fail(error, this.signals);
  }

  /**
   * One of the signals was aborted. If it is a signal of the stream itself, the call ends one turn of the event loop
   * later, because the stream may report the actual error right after the abort.
   */
  aborted(signal: AbortSignal): void {
    const abort = (): void => this.#fail(signal.reason, [signal]);
    if (this.own.includes(signal)) setImmediate(abort);
    else abort();
  }

  #fail(error: unknown, signals: readonly AbortSignal[]): void {
    this.#settleOnce(() => {
      settleFailure(this.series, this.started, error, signals);
      try {
        guarded(this.series, () => this.#recorder.fail());
      } catch {
        // The stack is full. The call has ended, and must not end twice.
      }
    });
  }

  #allSignals(): readonly AbortSignal[] {
    return [...this.signals, ...this.own];
  }

  #settleOnce(settle: () => void): void {
    if (this.settled) return;
    this.settled = true;
    try {
      for (const signal of this.#allSignals()) unfollowAbort(signal, this);
      settle();
    } catch {
      // The stack is full.
      const work = {} as DeferredWork;
      work.run = settle;
      work.next = deferredWork.last;
      deferredWork.last = work;
    }
  }
}

/**
 * All unsettled calls that returned the same stream.
 *
 * A followed iterator refers to this object, and this object to the stream. So a stream is not garbage-collected, and
 * its calls do not count as abandoned, while one of its iterators is in use.
 */
export class StreamCalls implements ResponseListener {
  readonly #calls = new Set<StreamCall>();

  constructor(readonly stream: object) {}

  add(call: StreamCall): void {
    for (const known of this.#calls) if (known.settled) this.#calls.delete(known);
    this.#calls.add(call);
  }

  get hasUsage(): boolean {
    return [...this.#calls].every((call) => call.hasUsage);
  }

  get hasFinishReason(): boolean {
    return [...this.#calls].every((call) => call.hasFinishReason);
  }

  returned(value: unknown): void {
    for (const call of this.#calls) call.returned(value);
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
