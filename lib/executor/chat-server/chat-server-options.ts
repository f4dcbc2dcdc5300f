import type { MetricsCollector } from 'tinyllm';
import type { ApiKeys } from 'tinyllm/server';
import type { GraphExecutor } from '../graph/executor.js';
import type { ChatLogger } from './chat-log.js';

/** Which graphs to serve, where, and within which limits. */
export interface ChatServerOptions {
  /** Each is a model by its graph's name. */
  readonly graphs: readonly GraphExecutor[];
  /** Default 8080; 0 picks a free one. */
  readonly port?: number | undefined;
  /** Default `127.0.0.1`; requests for another machine's name are then refused, unless there are API keys. */
  readonly host?: string | undefined;
  /** The most runs at a time; default 4. */
  readonly concurrency?: number | undefined;
  /** The most requests that wait for a run; default 100. Past it requests get 503. */
  readonly maxWaiting?: number | undefined;
  /** How long an answer may take, the wait for its run included; default 600. */
  readonly deadlineSeconds?: number | undefined;
  /** The most bytes of a request's body; default 1 MiB. */
  readonly bodyLimit?: number | undefined;
  /** How long a stream may be silent before a comment tells that it lives; default 10. */
  readonly pingSeconds?: number | undefined;
  /** How long a client may take no byte of its answer before its connection is closed, in seconds; default 60. */
  readonly stallSeconds?: number | undefined;
  /**
   * The most connections at a time; default 512. At the limit a new connection replaces the one that has been idle for
   * longest; if none is idle, the new one is closed.
   */
  readonly maxConnections?: number | undefined;
  /** Who may ask; default everybody. */
  readonly apiKeys?: ApiKeys | undefined;
  /** Told of each request once it is answered; default nobody. */
  readonly logger?: ChatLogger | undefined;
  /** Whether the log holds what was asked and answered; default not. */
  readonly logPrompts?: boolean | undefined;
  /** Where the queue counts; default the process's own. */
  readonly collector?: MetricsCollector;
}

/** How a chat server ends. */
export interface CloseChatServerOptions {
  /** How long it goes on answering after `/readyz` says that it will end; default 0. */
  readonly drainSeconds?: number | undefined;
  /** How long answers under way may take after that; default 10. */
  readonly graceSeconds?: number | undefined;
}
