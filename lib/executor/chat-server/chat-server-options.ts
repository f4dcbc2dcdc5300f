import type { MetricsCollector } from 'tinyllm';
import type { ApiKeys, ClientLabelSource, ClientLabelsOptions } from 'tinyllm/server';
import type { GraphExecutor } from '../graph/executor.js';
import type { ChatLogger } from './chat-log.js';

/** The source of a label of a chat server: a request header, the name of the client's API key, or a fixed text. */
export type ChatLabelSource = Exclude<ClientLabelSource, 'provider'>;

/** Graphs, address and limits of a chat server. */
export interface ChatServerOptions extends Pick<ClientLabelsOptions, 'labelValues' | 'maxLabelValues'> {
  /** The graphs to serve. The name of each graph is the model name. */
  readonly graphs: readonly GraphExecutor[];
  /** Port; default 8080. 0 selects a free port. */
  readonly port?: number | undefined;
  /**
   * Address to listen on; default `127.0.0.1`. If the server listens on a loopback address and has no API keys, it
   * answers 403 to requests whose `Host` header names another machine.
   */
  readonly host?: string | undefined;
  /** Maximum number of concurrent runs; default 4. */
  readonly concurrency?: number | undefined;
  /** Maximum number of waiting requests; default 100. Further requests get 503. */
  readonly maxWaiting?: number | undefined;
  /** Maximum duration of a response in seconds, including the wait in the queue; default 600. */
  readonly deadlineSeconds?: number | undefined;
  /** Maximum size of a request body in bytes; default 1 MiB. */
  readonly bodyLimit?: number | undefined;
  /** Seconds of silence after which a stream sends a comment, so that it stays open; default 10. */
  readonly pingSeconds?: number | undefined;
  /**
   * Timeout in seconds for a client that reads nothing; default 60. For a stream, `pingSeconds` is added. The server
   * closes the connection after at least this time and at most twice this time.
   */
  readonly stallSeconds?: number | undefined;
  /**
   * Maximum number of connections; default 512. At the limit, a new connection replaces the longest idle connection. If
   * no connection is idle, the new connection is closed.
   */
  readonly maxConnections?: number | undefined;
  /** The accepted API keys; by default, the server accepts every client. */
  readonly apiKeys?: ApiKeys | undefined;
  /**
   * Additional labels of the metrics of requests, nodes, graphs and tools, by name. The server declares them. They take
   * precedence over the labels of the graph. Default: none.
   */
  readonly labels?: Readonly<Record<string, ChatLabelSource>> | undefined;
  /** Logs each request when it ends; by default, nothing is logged. */
  readonly logger?: ChatLogger | undefined;
  /** Whether to log questions and answers; default `false`. */
  readonly logPrompts?: boolean | undefined;
  /** Collector for the metrics of the queue; default the process-wide collector. */
  readonly collector?: MetricsCollector;
}

/** Options for closing a chat server. */
export interface CloseChatServerOptions {
  /** Seconds during which the server accepts requests while `/readyz` returns 503; default 0. */
  readonly drainSeconds?: number | undefined;
  /** Seconds that running requests may take after `drainSeconds` have passed; default 10. */
  readonly graceSeconds?: number | undefined;
}
