import { once } from 'node:events';
import type { GraphExecutor } from '@tinyllm/executor';
import { GraphError, RedisWorker } from '@tinyllm/executor';
import { getMetricsCollector, registry, withLabels } from 'tinyllm';
import { declaredLabelsOf } from 'tinyllm/recording';
import type { Answer } from '../../batch/answer-line.js';
import { JobLabels } from '../../batch/job-labels.js';
import { readQuestionJob } from '../../batch/question-job.js';
import { toAnswer } from '../../batch/question-queue.js';
import type { CommandContext } from '../../command/command-context.js';
import { type ConnectedExecutorOptions, connectExecutor } from '../../executor/connect-executor.js';
import { loadGraphWith } from '../../executor/load-graph-with.js';
import { labelNamesOf } from '../../executor/run-labels.js';
import type { LabelSettings } from '../../flags/labels.js';
import type { MetricsServerOptions } from '../../flags/metrics-server.js';
import { collectDefaultMetrics } from '../../metrics/collect-default-metrics.js';
import { configureRecording } from '../../metrics/configure-recording.js';
import { noteDisabledMetrics } from '../../metrics/note-disabled-metrics.js';
import { serveMetrics } from '../../metrics/serve-metrics.js';

/** Options of `tinyllm worker`. */
export interface WorkerCommandOptions extends ConnectedExecutorOptions, MetricsServerOptions {
  /** The URL of the Redis with the queue. */
  readonly queue: string;
  /** Graph files. An empty list means the multi_domain graph. */
  readonly graphs: readonly string[];
  /** Modules that export node kinds for the graphs. */
  readonly plugins?: readonly string[] | undefined;
  /** Number of questions that run at the same time. */
  readonly concurrency: number;
  /** Maximum number of questions per second that all workers of the queue start. */
  readonly startsPerSecond: number | undefined;
  readonly stalledAfterSeconds: number;
  /**
   * Additional labels of the metrics. A label with a value always has this value. The other labels have the values of
   * the questions. Default: the labels of the graphs.
   */
  readonly labels?: LabelSettings | undefined;
  /** How long running questions may take after the signal is aborted. Then other workers get them. */
  readonly graceSeconds: number;
}

/**
 * Answers questions from a Redis queue until the signal is aborted. Running questions then finish within the grace
 * period, or return to the queue.
 *
 * Throws errors of the graphs, the model, the queue and the metrics server at the start.
 */
export async function worker(options: WorkerCommandOptions, context: CommandContext): Promise<void> {
  const { output, signal } = context;
  const { queue: url, concurrency, startsPerSecond, stalledAfterSeconds, graceSeconds, metricsPort: port } = options;
  const files = options.graphs.length === 0 ? [undefined] : options.graphs;
  const graphs = await Promise.all(files.map((file) => loadGraphWith(options.plugins, file)));
  configureRecording({ ...options, labels: labelNamesOf(options.labels?.names, graphs) });
  // A plugin can declare further labels.
  const jobLabels = new JobLabels(declaredLabelsOf(getMetricsCollector()), (problem) => output.note(problem));
  const connected = await Promise.all(graphs.map((graph) => connectExecutor(graph, options, context)));
  const executors = new Map(connected.map(({ executor }) => [executor.graph.name, executor]));
  signal.throwIfAborted();
  if (port !== undefined) {
    const { metricsHost: host, webConfigFile, page, openMetrics2 } = options;
    noteDisabledMetrics(context);
    if (options.defaultMetrics) await collectDefaultMetrics(registry);
    await serveMetrics({ port, host, webConfigFile, page, openMetrics2, until: 'Ctrl-C' }, context);
  }
  const running = await RedisWorker.start<object, Answer>({
    url,
    concurrency,
    startsPerSecond,
    stalledAfterSeconds,
    onProblem: (problem) => output.failure(problem),
    work: async (data, stop) => {
      const { question, graph, labels = {} } = readQuestionJob(data);
      const executor = executorOf(graph, executors);
      const recorded = { ...jobLabels.declared(labels), ...options.labels?.values };
      return toAnswer(await withLabels(recorded, () => executor.execute(question, { signal: stop })));
    },
  });
  context.ensureGraceSeconds(graceSeconds + 2);
  output.note(
    `answering questions from ${running.url} with ${connected[0]?.name}, ${concurrency} at a time; press Ctrl-C to stop`,
  );
  try {
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await running.close({ graceSeconds });
  }
}

function executorOf(name: string | undefined, executors: ReadonlyMap<string, GraphExecutor>): GraphExecutor {
  const names = [...executors.keys()];
  const executor = executors.get(name ?? names[0] ?? '');
  if (executor !== undefined) return executor;
  throw new GraphError(
    `The worker has no graph named ${JSON.stringify(name)}, only ${names.join(', ')}; restart it with --graph FILE.`,
  );
}
