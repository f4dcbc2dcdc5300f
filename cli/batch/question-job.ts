import { TinyLLMError } from 'tinyllm/configuration';

/** A question as it goes through Redis to a worker. */
export interface QuestionJob {
  readonly question: string;
  /** The name of the graph that is to answer; default the worker's first. */
  readonly graph?: string;
}

/** A job in Redis is none that a worker can do. */
class BadJobError extends TinyLLMError {}

/** Checks what came out of Redis, where anybody may have put it. Throws a `BadJobError`. */
export function readQuestionJob(data: unknown): QuestionJob {
  const { question, graph } = (data ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof question !== 'string' || question.trim() === '') {
    throw new BadJobError('The job has no question; expected an object with a text of that name.');
  }
  if (graph !== undefined && typeof graph !== 'string') {
    throw new BadJobError('The job names no graph that could be; expected a text, or nothing.');
  }
  return { question, ...(graph === undefined ? {} : { graph }) };
}
