import { once } from 'node:events';
import type { GraphExecutor } from '@tinyllm/executor';
import { GraphError, RedisWorker } from '@tinyllm/executor';
import { registry } from 'tinyllm';
import type { Answer } from '../../batch/answer-line.js';
import { toAnswer } from '../../batch/asker.js';
import { readQuestionJob } from '../../batch/question-job.js';
import type { CommandContext } from '../../command/command-context.js';
import { loadGraphWith } from '../../executor/load-graph-with.js';
import { type AnswererOptions, openAnswerer } from '../../executor/open-answerer.js';
import type { MetricsServerOptions } from '../../flags/metrics-server.js';
import { collectDefaultMetrics } from '../../metrics/collect-default-metrics.js';
import { serveMetrics } from '../../metrics/serve-metrics.js';

/** Options of `tinyllm worker`. */
export interface WorkerCommandOptions extends AnswererOptions, MetricsServerOptions {
  /** The Redis that holds the queue. */
  readonly queue: string;
  /** Graph files; none means the multi_domain graph. */
  readonly graphs: readonly string[];
  /** Modules of node kinds the graphs may use. */
  readonly plugins?: readonly string[] | undefined;
  /** Questions that run at a time. */
  readonly concurrency: number;
  /** Questions that all workers of the queue start in a second at most. */
  readonly startsPerSecond: number | undefined;
  readonly stalledAfterSeconds: number;
  /** How long what is under way may take once the command is ended, before it goes to other workers. */
  readonly graceSeconds: number;
}

/**
 * Answers questions from a queue in Redis until its signal is aborted; what is under way then ends, or is handed back.
 *
 * Throws what the graphs, the model, the queue and the metrics server throw at the start.
 */
export async function worker(options: WorkerCommandOptions, context: CommandContext): Promise<void> {
  const { output, signal } = context;
  const { queue: url, concurrency, startsPerSecond, stalledAfterSeconds, graceSeconds, metricsPort: port } = options;
  const files = options.graphs.length === 0 ? [undefined] : options.graphs;
  const graphs = await Promise.all(files.map((file) => loadGraphWith(options.plugins, file)));
  const answerers = await Promise.all(graphs.map((graph) => openAnswerer(graph, options, context)));
  const executors = new Map(answerers.map(({ executor }) => [executor.graph.name, executor]));
  signal.throwIfAborted();
  if (port !== undefined) {
    const { metricsHost: host, webConfigFile, page } = options;
    if (options.defaultMetrics) await collectDefaultMetrics(registry);
    await serveMetrics({ port, host, webConfigFile, page, until: 'Ctrl-C' }, context);
  }
  const taking = await RedisWorker.start<object, Answer>({
    url,
    concurrency,
    startsPerSecond,
    stalledAfterSeconds,
    onProblem: (problem) => output.failure(problem),
    work: async (data, stop) => {
      const { question, graph } = readQuestionJob(data);
      return toAnswer(await executorOf(graph, executors).execute(question, { signal: stop }));
    },
  });
  context.allowSeconds(graceSeconds + 2);
  output.note(
    `answering questions from ${taking.url} with ${answerers[0]?.name}, ${concurrency} at a time; Ctrl-C ends it`,
  );
  try {
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await taking.close({ graceSeconds });
  }
}

function executorOf(name: string | undefined, executors: ReadonlyMap<string, GraphExecutor>): GraphExecutor {
  const names = [...executors.keys()];
  const executor = executors.get(name ?? names[0] ?? '');
  if (executor !== undefined) return executor;
  throw new GraphError(
    `The worker has no graph named ${JSON.stringify(name)}, only ${names.join(', ')}; start it with --graph FILE.`,
  );
}
