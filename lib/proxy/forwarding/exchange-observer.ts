import type { IncomingHttpHeaders } from 'node:http';

/** What a client asks for, before its body. */
export interface ExchangeHead {
  readonly method: string;
  /** The request's target as it came, query included. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
}

/** What a server answers, before its body. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

/** How an exchange ended: whole, left by its client, broken off by the upstream, or refused without asking one. */
export type ExchangeEnd = 'complete' | 'client-left' | 'upstream-failed' | 'refused';

/**
 * Looks on as one exchange passes. It is told of every piece once that has been passed on, must not change it, and can
 * neither delay nor break the exchange: what it throws is the proxy's to contain.
 */
export interface ExchangeObserver {
  /** A piece of the request's body was passed on. */
  requestData(chunk: Uint8Array): void;
  /** The request was passed on completely. */
  requestEnd(): void;
  /** The answer's head came; when it was the proxy's own refusal as well. */
  answered(head: AnswerHead): void;
  /** A piece of the answer's body was passed on. */
  answerData(chunk: Uint8Array): void;
  /** The exchange is over, once; `error` is why the upstream failed, where it did. */
  ended(end: ExchangeEnd, error?: unknown): void;
}

/** Begins to look on at an exchange; undefined for those that are of no interest. */
export type ObserveExchange = (head: ExchangeHead) => ExchangeObserver | undefined;
