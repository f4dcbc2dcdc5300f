import { once } from 'node:events';
import type { ChatLabelSource, ChatServerOptions } from '@tinyllm/executor';
import { startChatServer } from '@tinyllm/executor';
import { pino } from 'pino';
import { registry } from 'tinyllm';
import { ApiKeys } from 'tinyllm/server';
import type { CommandContext } from '../../command/command-context.js';
import { type ConnectedExecutorOptions, connectExecutor } from '../../executor/connect-executor.js';
import { loadGraphWith } from '../../executor/load-graph-with.js';
import { labelNamesOf } from '../../executor/run-labels.js';
import type { ClientLabelSettings } from '../../flags/client-labels.js';
import type { MetricsServerOptions } from '../../flags/metrics-server.js';
import { collectDefaultMetrics } from '../../metrics/collect-default-metrics.js';
import { configureRecording } from '../../metrics/configure-recording.js';
import { noteDisabledMetrics } from '../../metrics/note-disabled-metrics.js';
import { serveMetrics } from '../../metrics/serve-metrics.js';
import { warnOfNamelessKeys } from '../../metrics/warn-of-nameless-keys.js';

/** Options of `tinyllm serve`. */
export interface ServeCommandOptions
  extends ConnectedExecutorOptions,
    MetricsServerOptions,
    Partial<ClientLabelSettings> {
  /** Graph files. An empty list means the multi_domain graph. */
  readonly graphs: readonly string[];
  /** Modules that export node kinds for the graphs. */
  readonly plugins?: readonly string[] | undefined;
  /** 0 picks a free port. */
  readonly port: number;
  readonly host: string;
  /** The file of API keys. Default: no authentication. */
  readonly apiKeysFile?: string | undefined;
  /** Timeout of a request, including its time in the queue. */
  readonly deadlineSeconds: number;
  /** Number of requests that are answered at the same time. */
  readonly concurrency: number;
  /** Maximum number of waiting requests. */
  readonly maxWaiting: number;
  /** Maximum number of connections. */
  readonly maxConnections: number;
  /** Maximum size of a request body in bytes. */
  readonly bodyLimit: number;
  /** How long to keep answering after the signal is aborted, while `/readyz` returns 503. */
  readonly drainSeconds: number;
  /** How long running requests may take after `drainSeconds`. */
  readonly graceSeconds: number;
  /** The minimum pino level to log, or `silent`. */
  readonly logLevel: string;
  /** Whether to log questions and answers. */
  readonly logPrompts: boolean;
}

/** Additional time for aborted requests to end. */
const slackSeconds = 3;

/**
 * Serves graphs as models until the signal is aborted. Then waits for running requests, and closes the metrics server
 * last.
 *
 * Throws errors of the graphs, the models, the file of API keys and the two servers at the start.
 */
export async function serve(options: ServeCommandOptions, context: CommandContext): Promise<void> {
  const { output, signal } = context;
  const { apiKeysFile, drainSeconds, graceSeconds, metricsPort } = options;
  const files = options.graphs.length === 0 ? [undefined] : options.graphs;
  const graphs = await Promise.all(files.map((file) => loadGraphWith(options.plugins, file)));
  configureRecording({ ...options, labels: labelNamesOf(Object.keys(options.labels ?? {}), graphs) });
  const apiKeys = apiKeysFile === undefined ? undefined : readKeys(apiKeysFile, context);
  const connected = await Promise.all(graphs.map((graph) => connectExecutor(graph, options, context)));
  signal.throwIfAborted();
  if (metricsPort !== undefined) {
    const { metricsHost: host, webConfigFile, page, openMetrics2 } = options;
    noteDisabledMetrics(context);
    if (options.defaultMetrics === true) await collectDefaultMetrics(registry);
    await serveMetrics({ port: metricsPort, host, webConfigFile, page, openMetrics2, until: 'Ctrl-C' }, context);
  }
  const server = await startChatServer({
    ...limitsOf(options),
    ...labelsOf(options),
    graphs: connected.map(({ executor }) => executor),
    apiKeys,
    logger: loggerOf(options, context),
  });
  context.ensureGraceSeconds(drainSeconds + graceSeconds + slackSeconds);
  const names = graphs.map(({ name }) => name).join(', ');
  warnOfNamelessKeys({ labels: options.labels, keys: apiKeys, file: apiKeysFile }, output);
  output.note(`serving ${names} at ${server.url}/v1 with ${connected[0]?.name}; press Ctrl-C to stop`);
  try {
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await server.close({ drainSeconds, graceSeconds });
  }
}

/** Reloads the file when it changes. If the new content is invalid, prints the error and keeps the previous keys. */
function readKeys(file: string, { output }: CommandContext): ApiKeys {
  return new ApiKeys(file, { onProblem: (problem) => output.failure(problem) });
}

function limitsOf(options: ServeCommandOptions): Omit<ChatServerOptions, 'graphs' | 'logger'> {
  const { port, host, deadlineSeconds, concurrency, maxWaiting, maxConnections, bodyLimit, logPrompts } = options;
  return { port, host, deadlineSeconds, concurrency, maxWaiting, maxConnections, bodyLimit, logPrompts };
}

/** The clients of models set the label `provider`. */
function labelsOf({ labels = {}, labelValues, maxLabelValues }: ServeCommandOptions): Partial<ChatServerOptions> {
  const entries = Object.entries(labels).filter((entry): entry is [string, ChatLabelSource] => entry[1] !== 'provider');
  return { labels: Object.fromEntries(entries), labelValues, maxLabelValues };
}

function loggerOf({ logLevel: level }: ServeCommandOptions, { output }: CommandContext): pino.Logger {
  const label = (name: string): object => ({ level: name });
  const pinoOptions = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: label } };
  return pino(pinoOptions, { write: (line: string) => output.note(line) });
}
