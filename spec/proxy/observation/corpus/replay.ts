import { MetricsCollector } from '../../../../lib/core/collector/collector.js';
import { SharedRegistry } from '../../../../lib/core/metrics/shared-registry.js';
import type { ExchangeEnd, ExchangeObserver } from '../../../../lib/proxy/forwarding/exchange-observer.js';
import { type ObserveExchangesOptions, observeExchanges } from '../../../../lib/proxy/observation/observe-exchanges.js';
import { registryText } from '../../../support/registry-text.js';
import type { RecordedExchange } from './recorded-exchange.js';

/** An observer with its own metrics, and a clock that advances by 20 ms each time it is read. */
export class Watching {
  readonly #registry = new SharedRegistry();
  readonly #observe: ReturnType<typeof observeExchanges>;

  constructor({ maxSeriesPerMetric, ...options }: WatchingOptions = {}) {
    let time = 0;
    const now = (): number => {
      time += 20;
      return time;
    };
    const collector = new MetricsCollector(this.#registry);
    if (maxSeriesPerMetric !== undefined) collector.meter.configure({ maxSeriesPerMetric });
    this.#observe = observeExchanges({ ...options, collector, now });
  }

  /** Starts to observe a model request. */
  begin(path: string, headers: Readonly<Record<string, string>> = {}, keyName?: string): ExchangeObserver {
    const observer = this.#observe({ method: 'POST', target: path, headers, keyName });
    if (observer === undefined) throw new Error(`${path} is not watched`);
    return observer;
  }

  /** The complete text of a scrape. */
  text(): string {
    return registryText(this.#registry);
  }

  /** The sum of all series of a metric. */
  total(name: string): number {
    return this.text()
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  }

  /** The samples of requests that are not zero, without durations and buckets. */
  counted(): string[] {
    return this.text()
      .split('\n')
      .filter((line) => !/^#|_bucket|_seconds_sum|_system_info|_overflow| 0$|^$/.test(line));
  }
}

/** Options of {@link Watching}. */
export interface WatchingOptions extends Omit<ObserveExchangesOptions, 'collector' | 'now'> {
  readonly maxSeriesPerMetric?: number;
}

/** A complete request with a body. `rest` are the headers and the name of the API key. */
export function asked(
  watching: Watching,
  path: string,
  body: string,
  ...rest: readonly [headers?: Readonly<Record<string, string>>, keyName?: string]
) {
  const observer = watching.begin(path, ...rest);
  observer.requestData(Buffer.from(body));
  observer.requestEnd();
  return observer;
}

/** Replays an exchange. Its request and response are split at these offsets. */
export function replay(
  watching: Watching,
  { path, request, status = 200, contentType, answer }: RecordedExchange,
  { requestCuts = [], answerCuts = [], end = 'complete' as ExchangeEnd }: ReplayOptions = {},
): void {
  const observer = watching.begin(path);
  for (const piece of cut(Buffer.from(request), requestCuts)) observer.requestData(piece);
  observer.requestEnd();
  observer.answered({ status, headers: { 'content-type': contentType } });
  for (const piece of cut(Buffer.from(answer), answerCuts)) observer.answerData(piece);
  observer.ended(end);
}

/** Options for replaying an exchange. */
export interface ReplayOptions {
  /** Ascending. */
  readonly requestCuts?: readonly number[];
  /** Ascending. */
  readonly answerCuts?: readonly number[];
  readonly end?: ExchangeEnd;
}

/** Splits bytes at these ascending offsets. */
export function cut(bytes: Uint8Array, offsets: readonly number[]): Uint8Array[] {
  const ends = [...offsets, bytes.length];
  return ends.map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end));
}
