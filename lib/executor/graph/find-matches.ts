import { type Context, createContext, Script } from 'node:vm';
import { GraphRunError } from '../errors/graph-errors.js';

/** How long a pattern may search one text, in milliseconds. */
const longestSearch = 1000;

/** A search cannot be left from the outside; only a script that runs in a context of its own can. */
const search = new Script('find()');
let context: Context | undefined;

/**
 * The matches a pattern has in a text; undefined when it takes longer than a second, as patterns can that repeat a
 * repetition. The pattern must have the `g` flag.
 */
export function findMatches(
  pattern: RegExp,
  text: string,
  milliseconds = longestSearch,
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
 * The matches a pattern has in a text. The pattern must have the `g` flag.
 *
 * @throws {GraphRunError} when it has searched for a second without an end; `whose` says there whose pattern it is.
 */
export function matchesOf(pattern: RegExp, text: string, whose: string): readonly RegExpExecArray[] {
  const matches = findMatches(pattern, text);
  if (matches !== undefined) return matches;
  throw new GraphRunError(
    `The pattern of ${whose} found no end in this text; make it simpler: repeat no repetition, as (a+)+ does.`,
  );
}
