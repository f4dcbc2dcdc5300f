import type { BatchQuestion } from './questions.js';

/** An answer, and what it took. */
export interface Answer {
  readonly answer: string;
  /** The graph's name. */
  readonly graph: string;
  readonly provider: string;
  readonly model: string;
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
  /** How long the run took, without the wait in the queue. */
  readonly seconds: number;
}

/** Why a question has no answer. */
export interface Failure {
  readonly error: { readonly name: string; readonly message: string };
}

/** What a batch writes of one question: a JSON object on a line of its own. */
export type AnswerLine = BatchQuestion & (Answer | Failure);

/** Whether a line holds an answer, and not a failure. */
export function isAnswered(line: AnswerLine): line is BatchQuestion & Answer {
  return 'answer' in line;
}

/** What a line of an output file says, or undefined when it is none of a batch. */
export function parseAnswerLine(text: string): AnswerLine | undefined {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { index, question, answer, error } = (line ?? {}) as Readonly<Record<string, unknown>>;
  const said = typeof answer === 'string' || (typeof error === 'object' && error !== null);
  return Number.isInteger(index) && typeof question === 'string' && said ? (line as AnswerLine) : undefined;
}
