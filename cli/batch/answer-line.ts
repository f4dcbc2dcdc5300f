import type { BatchQuestion } from './questions.js';

/** An answer with its model, token counts and duration. */
export interface Answer {
  readonly answer: string;
  /** The graph's name. */
  readonly graph: string;
  readonly provider: string;
  readonly model: string;
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
  /** Duration of the run, without the wait in the queue. */
  readonly seconds: number;
}

/** The error of a question without an answer. */
export interface Failure {
  readonly error: { readonly name: string; readonly message: string };
}

/** The line that a batch writes for one question: a JSON object. */
export type AnswerLine = BatchQuestion & (Answer | Failure);

/** Whether a line contains an answer, not a failure. */
export function isAnswered(line: AnswerLine): line is BatchQuestion & Answer {
  return 'answer' in line;
}

/** Parses a line of an output file. Returns undefined if it is not a line of a batch. */
export function parseAnswerLine(text: string): AnswerLine | undefined {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { index, question, answer, error } = (line ?? {}) as Readonly<Record<string, unknown>>;
  const hasResult = typeof answer === 'string' || (typeof error === 'object' && error !== null);
  return Number.isInteger(index) && typeof question === 'string' && hasResult ? (line as AnswerLine) : undefined;
}
