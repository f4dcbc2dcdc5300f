import { hasStrings } from './has-strings.js';

/** A question of a conversation and its answer. */
export interface Exchange {
  /** The time of the answer in UTC, in ISO 8601 format. */
  readonly at: string;
  readonly question: string;
  readonly answer: string;
}

/** One turn of a conversation, in the form that is sent to a model. */
export interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

/** Limits of a conversation. The latest exchange is included even if it exceeds them. */
export interface ExchangeBounds {
  readonly exchanges: number;
  /** The total length of questions and answers, in UTF-16 code units. */
  readonly characters: number;
}

/** Serializes an exchange as one line of JSON, without a line break. */
export function writeExchange({ at, question, answer }: Exchange): string {
  return JSON.stringify({ at, question, answer });
}

/** Parses the result of `writeExchange`. Returns undefined for any other text. */
export function readExchange(line: string): Exchange | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!hasStrings(value, ['at', 'question', 'answer'])) return undefined;
  const { at, question, answer } = value;
  return { at, question, answer };
}

/** Returns the latest exchanges within the bounds, oldest first. */
export function latestExchanges(
  exchanges: readonly Exchange[],
  { exchanges: count, characters }: ExchangeBounds,
): readonly Exchange[] {
  let size = 0;
  let kept = 0;
  for (const { question, answer } of exchanges.toReversed()) {
    size += question.length + answer.length;
    if (kept > 0 && (kept >= count || size > characters)) break;
    kept++;
  }
  return exchanges.slice(exchanges.length - kept);
}

/** Converts each exchange to a user turn and an assistant turn. */
export function turnsOf(exchanges: readonly Exchange[]): readonly Turn[] {
  return exchanges.flatMap(({ question, answer }): Turn[] => [
    { role: 'user', content: question },
    { role: 'assistant', content: answer },
  ]);
}
