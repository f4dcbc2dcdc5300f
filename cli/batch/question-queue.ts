import type { GraphExecutor, RunResult } from '@tinyllm/executor';
import { RedisQueue, type RedisQueueOptions } from '@tinyllm/executor';
import type { CloseOptions } from '@tinyllm/resilience';
import { InProcessQueue, type InProcessQueueOptions } from '@tinyllm/resilience';
import type { Priority } from '@tinyllm/resilience/settings';
import { withLabels } from 'tinyllm';
import type { Answer } from './answer-line.js';
import type { QuestionJob } from './question-job.js';

/** Runs questions through a queue. */
export interface QuestionQueue {
  /** The number of questions to add at the same time, so that the queue stays full. */
  readonly maxInFlight: number;

  /** Answers a question. Throws the error of the run, or a `QueueClosedError` if the queue closed first. */
  ask(question: string): Promise<Answer>;

  /** Rejects the waiting questions, and lets the running ones finish within the grace period. */
  close(options?: CloseOptions): Promise<void>;
}

/** Options of the questions of a queue. */
export interface QuestionOptions {
  readonly priority: Priority;
  /** The values of additional labels of the metrics, by name. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Opens a queue whose questions are answered by this process. */
export async function openLocalQueue(
  executor: GraphExecutor,
  { priority, labels, ...options }: InProcessQueueOptions & QuestionOptions,
): Promise<QuestionQueue> {
  const queue = await InProcessQueue.open<Answer>(options);
  return {
    maxInFlight: queue.capacity + (options.workers ?? 1),
    ask: (question) =>
      queue.add(async (signal) => toAnswer(await withLabels(labels, () => executor.execute(question, { signal }))), {
        priority,
        whenFull: 'wait',
      }),
    close: (closing) => queue.close(closing),
  };
}

/** Opens a queue in Redis whose questions are answered by workers. The workers record the labels. */
export async function openWorkerQueue(
  graph: string,
  { priority, labels, ...options }: RedisQueueOptions & QuestionOptions,
): Promise<QuestionQueue> {
  const queue = await RedisQueue.open<QuestionJob, Answer>(options);
  const further = Object.keys(labels).length === 0 ? {} : { labels };
  return {
    // The waiting questions, and about the same number in progress at workers.
    maxInFlight: 2 * queue.capacity,
    ask: (question) => queue.add({ question, graph, ...further }, { priority, whenFull: 'wait' }),
    close: (closing) => queue.close(closing),
  };
}

/** Selects the properties of a run that a batch writes. */
export function toAnswer({ answer, graph, provider, model, usage, seconds }: RunResult): Answer {
  return { answer, graph, provider, model, usage, seconds };
}
