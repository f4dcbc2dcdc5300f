import { registry } from 'tinyllm';
import { openLocalQueue, openWorkerQueue, type QuestionQueue } from '../../batch/question-queue.js';
import { readQuestions } from '../../batch/questions.js';
import type { CommandContext } from '../../command/command-context.js';
import { BatchFailedError } from '../../errors/batch-error.js';
import { connectExecutor } from '../../executor/connect-executor.js';
import { loadGraphWith } from '../../executor/load-graph-with.js';
import { labelNamesOf } from '../../executor/run-labels.js';
import { readableSeconds } from '../../executor/trace-table.js';
import type { BatchOptions } from '../../flags/batch.js';
import type { RunCommandOptions } from '../../flags/run-options.js';
import { collectDefaultMetrics } from '../../metrics/collect-default-metrics.js';
import { configureRecording } from '../../metrics/configure-recording.js';
import { checkDelivery, deliverMetrics } from '../../metrics/deliver-metrics.js';
import { noteDisabledMetrics } from '../../metrics/note-disabled-metrics.js';
import { serveMetrics } from '../../metrics/serve-metrics.js';
import { AnswerFile } from './answer-file.js';
import { BatchRun } from './batch-run.js';

/** Options of `tinyllm run --file`. */
export type BatchCommandOptions = BatchOptions & Omit<RunCommandOptions, 'query' | 'trace'>;

/**
 * Answers a file of questions with a graph, through a queue.
 *
 * Throws a `BatchFileError` if a file cannot be used, and a `BatchFailedError` if questions failed. Also throws errors
 * of the graph, the queue or the metrics server.
 */
export async function batch(options: BatchCommandOptions, context: CommandContext): Promise<void> {
  const { output, signal } = context;
  const { metricsPort: port, metricsHost: host, webConfigFile, page, openMetrics2, lingerSeconds } = options;
  const questions = await readQuestions(options.file, signal);
  const openQueue = await prepareQueue(options, context);
  await checkDelivery(options, context);
  if ((port ?? options.push ?? options.metricsFile ?? options.hub) !== undefined) noteDisabledMetrics(context);
  const answers = options.output === undefined ? undefined : await AnswerFile.open(options.output, questions);
  if (answers !== undefined) context.defer(() => answers.close());
  signal.throwIfAborted();
  if (options.defaultMetrics === true) await collectDefaultMetrics(registry);
  const serving =
    port === undefined
      ? undefined
      : await serveMetrics({ port, host, webConfigFile, page, openMetrics2, lingerSeconds }, context);
  context.defer(() => deliverMetrics(options, context));
  if (answers !== undefined && answers.answered.size > 0) {
    output.note(`${options.output} already answers ${answers.answered.size} of ${questions.length} questions`);
  }
  context.ensureGraceSeconds(options.graceSeconds + 2);
  const started = performance.now();
  const { answered, failed, usage } = await new BatchRun(
    { ...options, queue: await openQueue(), answers },
    context,
  ).ask(questions.filter(({ index }) => !answers?.answered.has(index)));
  const seconds = (performance.now() - started) / 1000;
  const known = answers?.answered.size ?? 0;
  if (options.json && answers !== undefined) {
    const facts = { questions: questions.length, answered: answered + known, failed, usage, seconds };
    output.json({ ...facts, output: options.output, ...(serving === undefined ? {} : { metrics: serving }) });
  }
  output.note(
    `answered ${answered} of ${questions.length - known} questions in ${readableSeconds(seconds)}` +
      ` (${usage.inputTokens} tokens in, ${usage.outputTokens} out)`,
  );
  if (signal.aborted && answers !== undefined) output.note('run the same command again to continue');
  signal.throwIfAborted();
  if (failed > 0) {
    throw new BatchFailedError(
      failed,
      questions.length,
      answers === undefined
        ? 'this run saved no answers; if you pass --output FILE to every run, later runs ask only the questions without an answer'
        : 'run the same command again to retry only these questions',
    );
  }
}

/** Loads the graph and connects the models before any file is written. The returned function opens the queue. */
async function prepareQueue(
  options: BatchCommandOptions,
  context: CommandContext,
): Promise<() => Promise<QuestionQueue>> {
  const { workers, capacity, startsPerSecond, priority, queue: url } = options;
  const graph = await loadGraphWith(options.plugins, options.graph);
  configureRecording({ ...options, labels: labelNamesOf(options.labels?.names, [graph]) });
  const labels = options.labels?.values ?? {};
  if (url === undefined) {
    const { executor } = await connectExecutor(graph, options, context);
    return () => openLocalQueue(executor, { workers, capacity, startsPerSecond, priority, labels });
  }
  const onProblem = (problem: Error): void => context.output.failure(problem);
  return () =>
    openWorkerQueue(graph.name, {
      ...{ url, capacity, priority, onProblem },
      labels: { ...graph.labels, ...labels },
    });
}
