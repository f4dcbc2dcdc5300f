import { type Context, createContext, Script } from 'node:vm';

/** How long a pattern may search one text, in milliseconds. */
const longestSearch = 1000;

/** A search cannot be left from the outside; only a script that runs in a context of its own can. */
const search = new Script('count()');
let context: Context | undefined;

/**
 * How many matches that are not empty a pattern has in a text; undefined when it takes longer than a second, as
 * patterns can that repeat a repetition. The pattern must have the `g` flag.
 */
export function countMatches(pattern: RegExp, text: string, milliseconds = longestSearch): number | undefined {
  context ??= createContext({});
  context.count = () => [...text.matchAll(pattern)].filter(([match]) => match !== '').length;
  try {
    return search.runInContext(context, { timeout: milliseconds }) as number;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  } finally {
    context.count = undefined;
  }
}
