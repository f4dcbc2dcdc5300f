import { type Context, createContext, Script } from 'node:vm';
import { GraphRunError } from '../errors/graph-errors.js';

/** Maximum duration of a search in one text. */
const searchTimeoutMilliseconds = 1000;

// JavaScript cannot abort a search of a regular expression. A script in its own context can have a timeout.
const search = new Script('find()');
let context: Context | undefined;

/**
 * Finds all matches of a pattern in a text. The pattern must have the `g` flag.
 *
 * Returns `undefined` if the search takes longer than the timeout. Patterns with nested repetitions can take that long.
 */
export function findMatches(
  pattern: RegExp,
  text: string,
  milliseconds = searchTimeoutMilliseconds,
): readonly RegExpExecArray[] | undefined {
  context ??= createContext({});
  context.find = () => [...text.matchAll(pattern)];
  try {
    return search.runInContext(context, { timeout: milliseconds }) as readonly RegExpExecArray[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  } finally {
    context.find = undefined;
  }
}

/**
 * Finds all matches of a pattern in a text. The pattern must have the `g` flag.
 *
 * @param owner The owner of the pattern, for the error.
 * @throws {GraphRunError} if the search takes longer than one second.
 */
export function matchesOf(pattern: RegExp, text: string, owner: string): readonly RegExpExecArray[] {
  const matches = findMatches(pattern, text);
  if (matches !== undefined) return matches;
  throw new GraphRunError(
    `The pattern of ${owner} took more than 1 s on this text; avoid nested repetitions such as (a+)+.`,
  );
}
