import { registry } from 'tinyllm';
import { type Asker, askHere, askWorkers } from '../../batch/asker.js';
import { readQuestions } from '../../batch/questions.js';
import type { CommandContext } from '../../command/command-context.js';
import { BatchFailedError } from '../../errors/batch-error.js';
import { loadGraphWith } from '../../executor/load-graph-with.js';
import { openAnswerer } from '../../executor/open-answerer.js';
import { readableSeconds } from '../../executor/trace-table.js';
import type { BatchOptions } from '../../flags/batch.js';
import type { RunCommandOptions } from '../../flags/run-options.js';
import { collectDefaultMetrics } from '../../metrics/collect-default-metrics.js';
import { checkDelivery, deliverMetrics } from '../../metrics/deliver-metrics.js';
import { serveMetrics } from '../../metrics/serve-metrics.js';
import { AnswerFile } from './answer-file.js';
import { BatchRun } from './batch-run.js';

/** Options of `tinyllm run --file`. */
export type BatchCommandOptions = BatchOptions & Omit<RunCommandOptions, 'query' | 'trace'>;

/**
 * Answers many questions with a graph, through a queue.
 *
 * Throws a `BatchFileError` when a file cannot be used, a `BatchFailedError` when questions failed, and what the graph,
 * the queue or the metrics server throws.
 */
export async function batch(options: BatchCommandOptions, context: CommandContext): Promise<void> {
  const { output, signal } = context;
  const { metricsPort: port, metricsHost: host, webConfigFile, page, lingerSeconds } = options;
  const questions = await readQuestions(options.file, signal);
  const openAsker = await askerFor(options, context);
  await checkDelivery(options, context);
  const answers = options.output === undefined ? undefined : await AnswerFile.open(options.output, questions);
  if (answers !== undefined) context.afterwards(() => answers.close());
  signal.throwIfAborted();
  if (options.defaultMetrics === true) await collectDefaultMetrics(registry);
  const serving =
    port === undefined ? undefined : await serveMetrics({ port, host, webConfigFile, page, lingerSeconds }, context);
  context.afterwards(() => deliverMetrics(options, context));
  if (answers !== undefined && answers.answered.size > 0) {
    output.note(`${answers.answered.size} of ${questions.length} questions are answered in ${options.output} already`);
  }
  context.allowSeconds(options.graceSeconds + 2);
  const started = performance.now();
  const { answered, failed, usage } = await new BatchRun(
    { ...options, asker: await openAsker(), answers },
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
  if (signal.aborted && answers !== undefined) output.note('the same command again goes on from here');
  signal.throwIfAborted();
  if (failed > 0) {
    throw new BatchFailedError(
      failed,
      questions.length,
      answers === undefined
        ? 'with --output FILE, the same command again asks those alone'
        : 'the same command again asks those alone',
    );
  }
}

/** Checks what there is to check before a file is written, and then opens the queue. */
async function askerFor(options: BatchCommandOptions, context: CommandContext): Promise<() => Promise<Asker>> {
  const { workers, capacity, startsPerSecond, priority, queue: url } = options;
  const graph = await loadGraphWith(options.plugins, options.graph);
  if (url === undefined) {
    const { executor } = await openAnswerer(graph, options, context);
    return () => askHere(executor, { workers, capacity, startsPerSecond, priority });
  }
  const onProblem = (problem: Error): void => context.output.failure(problem);
  return () => askWorkers(graph.name, { url, capacity, priority, onProblem });
}
