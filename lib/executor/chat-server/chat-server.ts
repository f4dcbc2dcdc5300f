import { setTimeout as wait } from 'node:timers/promises';
import { InProcessQueue } from '@tinyllm/resilience';
import type { FastifyInstance } from 'fastify';
import { isLoopback, listen, listeningUrl } from 'tinyllm/server';
import type { RunResult } from '../graph/run-result.js';
import { ChatLabels } from './chat-labels.js';
import { ChatModels } from './chat-models.js';
import type { ChatServerOptions, CloseChatServerOptions } from './chat-server-options.js';
import { checkSettings } from './check-settings.js';
import { Phase } from './phase.js';

/** A running chat server. */
export interface ChatServer {
  /** The URL without a path. Append `/v1` to get the base URL for OpenAI clients. */
  readonly url: string;
  readonly port: number;

  /**
   * Closes the server in steps, and resolves when all requests and connections have ended.
   *
   * First `/readyz` returns 503, then new requests get 503, then requests that exceed the grace period are aborted.
   * Later calls return the promise of the first call and ignore their options.
   */
  close(options?: CloseChatServerOptions): Promise<void>;
}

/** The longest delay that Node's timers accept. */
const maxTimerMilliseconds = 2 ** 31 - 1;
/** Time to send the last bytes of aborted responses. */
const flushMilliseconds = 500;

/**
 * Serves graphs as models through OpenAI's chat completions API, with `/healthz` and `/readyz`.
 *
 * @throws `ListenError` if the server cannot listen on the address.
 * @throws `ChatServerSettingsError` if there is no graph, two graphs have the same name, a number is out of range, or a
 *   label is invalid.
 * @throws `MetricsConfigurationError` if a label is not declared, and the metrics are already in use.
 * @throws `QueueConfigurationError` if `concurrency` or `maxWaiting` is invalid.
 */
export async function startChatServer(options: ChatServerOptions): Promise<ChatServer> {
  const { graphs, host = '127.0.0.1', concurrency = 4, maxWaiting = 100, collector } = options;
  const { deadlineSeconds = 600, pingSeconds = 10, stallSeconds = 60, bodyLimit = 1024 ** 2 } = options;
  const { maxConnections = 512 } = options;
  checkSettings({ graphs, deadlineSeconds, pingSeconds, stallSeconds, bodyLimit, maxConnections });
  const { labels, labelValues, maxLabelValues, apiKeys } = options;
  const chatLabels = new ChatLabels({
    ...{ labels, labelValues, maxLabelValues },
    hasApiKeys: apiKeys !== undefined,
    graphs: graphs.map(({ graph }) => graph),
  });
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
      apiKeys,
      labels: chatLabels,
      isLocal: isLoopback(host),
      deadlineSeconds,
      bodyLimit,
      pingSeconds,
      stallSeconds,
      maxConnections,
      logger: options.logger,
      logPrompts: options.logPrompts ?? false,
    });
    await app.ready();
    const port = await listen(app.server, host, options.port ?? 8080);
    let closed: Promise<void> | undefined;
    return {
      url: listeningUrl(host, port),
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
  await waitAtMost(phase.idle(), graceSeconds * 1000);
  await queue.close();
  await waitAtMost(phase.idle(), flushMilliseconds);
  const ended = new Promise<void>((resolve) => app.server.close(() => resolve()));
  app.server.closeAllConnections();
  await ended;
  await app.close();
}

/** Waits for a promise, up to a maximum time. */
async function waitAtMost(promise: Promise<void>, milliseconds: number): Promise<void> {
  const timer = new AbortController();
  const delay = Math.min(milliseconds, maxTimerMilliseconds);
  await Promise.race([promise, wait(delay, undefined, { signal: timer.signal }).catch(() => undefined)]);
  timer.abort();
}
