import type { GraphExecutor, RunResult } from '@tinyllm/executor';
import { RedisQueue, type RedisQueueOptions } from '@tinyllm/executor';
import type { CloseOptions } from '@tinyllm/resilience';
import { InProcessQueue, type InProcessQueueOptions } from '@tinyllm/resilience';
import type { Priority } from '@tinyllm/resilience/settings';
import type { Answer } from './answer-line.js';
import type { QuestionJob } from './question-job.js';

/** Puts questions through a queue. */
export interface Asker {
  /** How many questions it can be given at a time and keeps busy with. */
  readonly atATime: number;

  /** Throws what the run throws, or a `QueueClosedError` when the question was given back. */
  ask(question: string): Promise<Answer>;

  /** Gives back what waits, lets what runs go on for the grace, and ends. */
  close(options?: CloseOptions): Promise<void>;
}

/** Asks in this process. */
export async function askHere(
  executor: GraphExecutor,
  { priority, ...options }: InProcessQueueOptions & { readonly priority: Priority },
): Promise<Asker> {
  const queue = await InProcessQueue.open<Answer>(options);
  return {
    atATime: queue.capacity + (options.workers ?? 1),
    ask: (question) =>
      queue.add(async (signal) => toAnswer(await executor.execute(question, { signal })), {
        priority,
        whenFull: 'wait',
      }),
    close: (closing) => queue.close(closing),
  };
}

/** Has workers ask, wherever they are. */
export async function askWorkers(
  graph: string,
  { priority, ...options }: RedisQueueOptions & { readonly priority: Priority },
): Promise<Asker> {
  const queue = await RedisQueue.open<QuestionJob, Answer>(options);
  return {
    // As many as can wait, and as many again with the workers.
    atATime: 2 * queue.capacity,
    ask: (question) => queue.add({ question, graph }, { priority, whenFull: 'wait' }),
    close: (closing) => queue.close(closing),
  };
}

/** What a batch writes of a run. */
export function toAnswer({ answer, graph, provider, model, usage, seconds }: RunResult): Answer {
  return { answer, graph, provider, model, usage, seconds };
}
