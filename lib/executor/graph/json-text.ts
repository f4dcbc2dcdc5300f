import { z } from 'zod';

/** The path to a value in JSON: keys and indexes. */
export type JsonPath = readonly (string | number)[];

const step = /\.?([\p{L}_$][\p{L}\p{N}_$-]*)|\[(\d+)\]/uy;

/** Parses a path such as `items[0].name`. The empty string is the path to the whole value. */
export const jsonPathSchema = z.string().transform((text, context): JsonPath => {
  const path: (string | number)[] = [];
  let end = 0;
  for (step.lastIndex = 0; end < text.length; end = step.lastIndex) {
    const [, key, index] = step.exec(text) ?? [];
    if (key === undefined && index === undefined) {
      context.addIssue({ code: 'custom', message: 'expected a path such as items[0].name, or "" for the whole JSON.' });
      return z.NEVER;
    }
    path.push(key ?? Number(index));
  }
  return path;
});

/** Finds the JSON value in a text: the whole text, a fenced block, or the text between the outermost brackets. */
export function jsonIn(text: string): unknown {
  const fenced = fencedIn(text);
  const [start, end] = [text.search(/[[{]/), Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'))];
  const bracketed = start >= 0 && end > start ? text.slice(start, end + 1) : undefined;
  for (const candidate of [text, fenced, bracketed]) {
    if (candidate === undefined) continue;
    try {
      return JSON.parse(candidate);
    } catch {
      // Try the next candidate.
    }
  }
  return undefined;
}

const fence = '```';
const opening = /(?:json)?(\s*)/iy;

/** The text of the first code block that has the language `json` or no language. Reads each character once. */
function fencedIn(text: string): string | undefined {
  for (let at = text.indexOf(fence); at !== -1; at = text.indexOf(fence, at + 1)) {
    opening.lastIndex = at + fence.length;
    const [, space = ''] = opening.exec(text) ?? [];
    if (!space.includes('\n')) continue;
    const end = text.indexOf(fence, opening.lastIndex);
    return end === -1 ? undefined : text.slice(opening.lastIndex, end);
  }
  return undefined;
}

/**
 * The value at a path as text: a string unchanged, any other value as JSON.
 *
 * Returns `undefined` for a missing value, for `null`, and for a value that is nested too deeply for `JSON.stringify`.
 */
export function valueAt(value: unknown, path: JsonPath): string | undefined {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Readonly<Record<string | number, unknown>>)[key];
  }
  if (found === undefined || found === null) return undefined;
  if (typeof found === 'string') return found;
  try {
    return JSON.stringify(found);
  } catch (error) {
    // `JSON.parse` reads any depth, but `JSON.stringify` needs the stack for each level.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
