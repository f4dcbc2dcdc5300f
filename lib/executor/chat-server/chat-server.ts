import { setTimeout as wait } from 'node:timers/promises';
import { InProcessQueue } from '@tinyllm/resilience';
import type { FastifyInstance } from 'fastify';
import { isLoopback, listen, listeningUrl } from 'tinyllm/server';
import type { RunResult } from '../graph/run-result.js';
import { ChatModels } from './chat-models.js';
import type { ChatServerOptions, CloseChatServerOptions } from './chat-server-options.js';
import { checkSettings } from './check-settings.js';
import { Phase } from './phase.js';

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

/** In milliseconds. */
const longestTimer = 2 ** 31 - 1;
/** For the last bytes of answers that were ended early, in milliseconds. */
const farewell = 500;

/**
 * Serves graphs as models behind OpenAI's chat completions API, and `/healthz` and `/readyz`.
 *
 * Throws a `ListenError` when the address cannot be listened on, a `ChatServerSettingsError` when there is no graph, two
 * have one name or a number is out of range, and a `QueueConfigurationError` for numbers the queue cannot work with.
 */
export async function startChatServer(options: ChatServerOptions): Promise<ChatServer> {
  const { graphs, host = '127.0.0.1', concurrency = 4, maxWaiting = 100, collector } = options;
  const { deadlineSeconds = 600, pingSeconds = 10, stallSeconds = 60, bodyLimit = 1024 ** 2 } = options;
  const { maxConnections = 512 } = options;
  checkSettings({ graphs, deadlineSeconds, pingSeconds, stallSeconds, bodyLimit, maxConnections });
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
  const most = Math.min(milliseconds, longestTimer);
  await Promise.race([happens, wait(most, undefined, { signal: over.signal }).catch(() => undefined)]);
  over.abort();
}
