import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { ApiKeys } from '../access/api-keys.js';
import { isLoopback } from '../access/expected-host.js';
import type { MetricsCollector } from '../collector.js';
import type { GraphExecutor } from '../graph/executor.js';
import type { RunResult } from '../graph/run-result.js';
import { listen } from '../listen.js';
import { InProcessQueue } from '../queue/in-process-queue.js';
import type { ChatLogger } from './chat-log.js';
import { ChatModels } from './chat-models.js';
import { Phase } from './phase.js';

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

/** A chat server that is listening. */
export interface ChatServer {
  /** Where it is, without a path; the base URL for OpenAI's clients has `/v1` behind it. */
  readonly url: string;
  readonly port: number;

  /**
   * Ends it: `/readyz` gets 503 first, then new requests do, then answers that take longer than the grace are ended.
   * Resolves when nothing is left. Only the first call says how.
   */
  close(options?: CloseChatServerOptions): Promise<void>;
}

/** For the last bytes of answers that were ended early, in milliseconds. */
const farewell = 500;

/**
 * Serves graphs as models behind OpenAI's chat completions API, and `/healthz` and `/readyz`.
 *
 * Throws a `ListenError` when the address cannot be listened on, a `GraphError` when there is no graph or two have one
 * name, and a `QueueConfigurationError` for numbers the queue cannot work with.
 */
export async function startChatServer(options: ChatServerOptions): Promise<ChatServer> {
  const { graphs, host = '127.0.0.1', concurrency = 4, maxWaiting = 100, deadlineSeconds = 600, collector } = options;
  const queue = await InProcessQueue.open<RunResult>({
    workers: concurrency,
    capacity: maxWaiting,
    ...(collector === undefined ? {} : { collector }),
  });
  try {
    const models = new ChatModels(graphs, { queue, deadlineSeconds });
    const phase = new Phase();
    const { chatApplication } = await import('./chat-application.js');
    const app = chatApplication({
      models,
      phase,
      apiKeys: options.apiKeys,
      isLocal: isLoopback(host),
      deadlineSeconds,
      bodyLimit: options.bodyLimit ?? 1024 ** 2,
      pingSeconds: options.pingSeconds ?? 10,
      logger: options.logger,
      logPrompts: options.logPrompts ?? false,
    });
    await app.ready();
    const port = await listen(app.server, host, options.port ?? 8080);
    let closed: Promise<void> | undefined;
    return {
      url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
      port,
      close: (closing = {}) => {
        closed ??= close({ app, queue, phase }, closing);
        return closed;
      },
    };
  } catch (error) {
    await queue.close();
    throw error;
  }
}

interface Parts {
  readonly app: FastifyInstance;
  readonly queue: InProcessQueue<RunResult>;
  readonly phase: Phase;
}

async function close({ app, queue, phase }: Parts, options: CloseChatServerOptions): Promise<void> {
  const { drainSeconds = 0, graceSeconds = 10 } = options;
  phase.drain();
  if (drainSeconds > 0) await wait(drainSeconds * 1000);
  phase.close();
  await orAfter(phase.idle(), graceSeconds * 1000);
  await queue.close();
  await orAfter(phase.idle(), farewell);
  const ended = new Promise<void>((resolve) => app.server.close(() => resolve()));
  app.server.closeAllConnections();
  await ended;
  await app.close();
}

/** Waits for what is to happen, but not longer than that. */
async function orAfter(happens: Promise<void>, milliseconds: number): Promise<void> {
  const over = new AbortController();
  await Promise.race([happens, wait(milliseconds, undefined, { signal: over.signal }).catch(() => undefined)]);
  over.abort();
}
