import type { IncomingHttpHeaders } from 'node:http';

/** The head of a request. */
export interface ExchangeHead {
  readonly method: string;
  /** The unchanged request target, including the query. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** The name of the client's API key; `undefined` if the key has no name, or the proxy requires no key. */
  readonly keyName?: string | undefined;
}

/** The head of a response. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

/** How an exchange ended: completely, by a disconnected client, by a failed upstream, or rejected by the proxy. */
export type ExchangeEnd = 'complete' | 'client-left' | 'upstream-failed' | 'refused';

/**
 * Observes one exchange. Methods are called after the data was forwarded, and must not change the data.
 *
 * An observer cannot break the exchange: the proxy catches and counts its errors. Its methods are synchronous, so they
 * must return quickly.
 */
export interface ExchangeObserver {
  /** A chunk of the request body was forwarded. */
  requestData(chunk: Uint8Array): void;
  /** The complete request was forwarded. */
  requestEnd(): void;
  /** The head of the response arrived. Also called for an error response of the proxy itself. */
  answered(head: AnswerHead): void;
  /** A chunk of the response body was forwarded. */
  answerData(chunk: Uint8Array): void;
  /** The exchange ended. Called once. `error` is the error of a failed upstream. */
  ended(end: ExchangeEnd, error?: unknown): void;
}

/** Creates an observer for an exchange. Returns `undefined` if the exchange is not observed. */
export type ObserveExchange = (head: ExchangeHead) => ExchangeObserver | undefined;
