import { once } from 'node:events';
import type { ChatServerOptions } from '@tinyllm/executor';
import { startChatServer } from '@tinyllm/executor';
import { pino } from 'pino';
import { registry } from 'tinyllm';
import { ApiKeys } from 'tinyllm/server';
import type { CommandContext } from '../../command/command-context.js';
import { loadGraphWith } from '../../executor/load-graph-with.js';
import { type AnswererOptions, openAnswerer } from '../../executor/open-answerer.js';
import type { MetricsServerOptions } from '../../flags/metrics-server.js';
import { collectDefaultMetrics } from '../../metrics/collect-default-metrics.js';
import { serveMetrics } from '../../metrics/serve-metrics.js';

/** Options of `tinyllm serve`. */
export interface ServeCommandOptions extends AnswererOptions, MetricsServerOptions {
  /** Graph files; none means the multi_domain graph. */
  readonly graphs: readonly string[];
  /** Modules of node kinds the graphs may use. */
  readonly plugins?: readonly string[] | undefined;
  /** 0 picks a free one. */
  readonly port: number;
  readonly host: string;
  /** Who may ask; default everybody. */
  readonly apiKeysFile?: string | undefined;
  /** How long a request may take, its wait included. */
  readonly deadlineSeconds: number;
  /** Requests that are answered at a time. */
  readonly concurrency: number;
  /** Requests that wait at most. */
  readonly maxWaiting: number;
  /** Connections at a time. */
  readonly maxConnections: number;
  /** The most bytes of a request's body. */
  readonly bodyLimit: number;
  /** How long to go on answering once the command is ended, while `/readyz` says so. */
  readonly drainSeconds: number;
  /** How long answers under way may take after that. */
  readonly graceSeconds: number;
  /** The least of pino's levels that is logged, or `silent`. */
  readonly logLevel: string;
  /** Whether what is asked and answered is logged. */
  readonly logPrompts: boolean;
}

/** For what was aborted to end, besides the grace. */
const slackSeconds = 3;

/**
 * Serves graphs as models until its signal is aborted; what is under way then ends, and after it the metrics do.
 *
 * Throws what the graphs, the models, the keys' file and the two servers throw at the start.
 */
export async function serve(options: ServeCommandOptions, context: CommandContext): Promise<void> {
  const { output, signal } = context;
  const { apiKeysFile, drainSeconds, graceSeconds, metricsPort } = options;
  const files = options.graphs.length === 0 ? [undefined] : options.graphs;
  const graphs = await Promise.all(files.map((file) => loadGraphWith(options.plugins, file)));
  const apiKeys = apiKeysFile === undefined ? undefined : keysIn(apiKeysFile, context);
  const answerers = await Promise.all(graphs.map((graph) => openAnswerer(graph, options, context)));
  signal.throwIfAborted();
  if (metricsPort !== undefined) {
    const { metricsHost: host, webConfigFile, page } = options;
    if (options.defaultMetrics === true) await collectDefaultMetrics(registry);
    await serveMetrics({ port: metricsPort, host, webConfigFile, page, until: 'Ctrl-C' }, context);
  }
  const server = await startChatServer({
    ...limitsOf(options),
    graphs: answerers.map(({ executor }) => executor),
    apiKeys,
    logger: loggerOf(options, context),
  });
  context.allowSeconds(drainSeconds + graceSeconds + slackSeconds);
  const names = graphs.map(({ name }) => name).join(', ');
  output.note(`answering at ${server.url}/v1 for ${names} with ${answerers[0]?.name}; Ctrl-C ends it`);
  try {
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await server.close({ drainSeconds, graceSeconds });
  }
}

/** The file may change while the server runs; keys that cannot be taken are told of, and leave those there are. */
function keysIn(file: string, { output }: CommandContext): ApiKeys {
  return new ApiKeys(file, { onProblem: (problem) => output.failure(problem) });
}

function limitsOf(options: ServeCommandOptions): Omit<ChatServerOptions, 'graphs' | 'logger'> {
  const { port, host, deadlineSeconds, concurrency, maxWaiting, maxConnections, bodyLimit, logPrompts } = options;
  return { port, host, deadlineSeconds, concurrency, maxWaiting, maxConnections, bodyLimit, logPrompts };
}

function loggerOf({ logLevel: level }: ServeCommandOptions, { output }: CommandContext): pino.Logger {
  const label = (name: string): object => ({ level: name });
  const facts = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: label } };
  return pino(facts, { write: (line: string) => output.note(line) });
}
