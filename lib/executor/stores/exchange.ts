import { hasTexts } from './texts.js';

/** A question of a conversation, and what was answered. */
export interface Exchange {
  /** When it was answered, as ISO 8601 in UTC. */
  readonly at: string;
  readonly question: string;
  readonly answer: string;
}

/** One turn of a conversation, as a model is told of it. */
export interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

/** How much of a conversation is taken; the latest exchange always is. */
export interface ExchangeBounds {
  readonly exchanges: number;
  /** Of questions and answers together, in UTF-16 code units. */
  readonly characters: number;
}

/** Writes an exchange as one line of JSON, without its break. */
export function writeExchange({ at, question, answer }: Exchange): string {
  return JSON.stringify({ at, question, answer });
}

/** Reads what `writeExchange` wrote, and gives undefined for anything else. */
export function readExchange(line: string): Exchange | undefined {
  let read: unknown;
  try {
    read = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!hasTexts(read, ['at', 'question', 'answer'])) return undefined;
  const { at, question, answer } = read;
  return { at, question, answer };
}

/** Takes the latest exchanges that keep to the bounds, oldest first. */
export function latestExchanges(
  exchanges: readonly Exchange[],
  { exchanges: count, characters }: ExchangeBounds,
): readonly Exchange[] {
  let size = 0;
  let taken = 0;
  for (const { question, answer } of exchanges.toReversed()) {
    size += question.length + answer.length;
    if (taken > 0 && (taken >= count || size > characters)) break;
    taken++;
  }
  return exchanges.slice(exchanges.length - taken);
}

/** What exchanges are to a model: a turn of the user's and one of the assistant's each. */
export function turnsOf(exchanges: readonly Exchange[]): readonly Turn[] {
  return exchanges.flatMap(({ question, answer }): Turn[] => [
    { role: 'user', content: question },
    { role: 'assistant', content: answer },
  ]);
}
