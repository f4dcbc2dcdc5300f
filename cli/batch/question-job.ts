import { TinyLLMError } from 'tinyllm/configuration';

/** A question in a Redis queue. */
export interface QuestionJob {
  readonly question: string;
  /** The name of the graph to run. Default: the first graph of the worker. */
  readonly graph?: string;
}

/** A job in Redis is not a valid question. */
class BadJobError extends TinyLLMError {}

/** Checks the data of a job, which may come from other software. Throws a `BadJobError`. */
export function readQuestionJob(data: unknown): QuestionJob {
  const { question, graph } = (data ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof question !== 'string' || question.trim() === '') {
    throw new BadJobError('The job has no question; expected an object with a string "question".');
  }
  if (graph !== undefined && typeof graph !== 'string') {
    throw new BadJobError('The job has an invalid "graph"; expected a string, or no "graph".');
  }
  return { question, ...(graph === undefined ? {} : { graph }) };
}
