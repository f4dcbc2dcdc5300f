import { isLabelText, maxAdditionalLabels, TinyLLMError } from 'tinyllm/configuration';

/** A question in a Redis queue. */
export interface QuestionJob {
  readonly question: string;
  /** The name of the graph to run. Default: the first graph of the worker. */
  readonly graph?: string;
  /** The values of additional labels of the metrics, by name: at most 16, with 1 to 256 characters each. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A job in Redis is not a valid question. */
class BadJobError extends TinyLLMError {}

/** Checks the data of a job, which may come from other software. Throws a `BadJobError`. */
export function readQuestionJob(data: unknown): QuestionJob {
  const { question, graph, labels } = (data ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof question !== 'string' || question.trim() === '') {
    throw new BadJobError('The job has no question; expected an object with a string "question".');
  }
  if (graph !== undefined && typeof graph !== 'string') {
    throw new BadJobError('The job has an invalid "graph"; expected a string, or no "graph".');
  }
  if (labels !== undefined && !areLabels(labels)) {
    throw new BadJobError(
      `The job has invalid "labels"; expected an object with at most ${maxAdditionalLabels} texts of at most 256 characters without control characters, or no "labels".`,
    );
  }
  return {
    question,
    ...(graph === undefined ? {} : { graph }),
    ...(labels === undefined ? {} : { labels: withoutEmptyValues(labels) }),
  };
}

function areLabels(labels: unknown): labels is Readonly<Record<string, string>> {
  if (typeof labels !== 'object' || labels === null || Array.isArray(labels)) return false;
  const values = Object.values(labels);
  return values.length <= maxAdditionalLabels && values.every((value) => value === '' || isLabelText(value));
}

/** An empty text means that the label has no value, as in `withLabels`. */
function withoutEmptyValues(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
}
