import { suggestion } from './nearest.js';
import { quote } from './quote.js';

/**
 * Writes the path to a value in a document: `nodes.router.routes.math.keywords[0]`. Keys that are not plain names are
 * quoted: `nodes["a b"]`.
 */
export function pathName(path: readonly PropertyKey[]): string {
  const steps = path.map((step) => {
    if (typeof step === 'number') return `[${step}]`;
    const key = String(step);
    return /^[\w-]{1,64}$/.test(key) ? `.${key}` : `[${quote(key)}]`;
  });
  return steps.join('').replace(/^\./, '');
}

/**
 * Describes a value in an error message: `"text"`, `42`, `a map`, `empty`, `missing`.
 *
 * Without `quoting`, the description contains no texts and numbers of the document.
 */
export function shownValue(value: unknown, quoting: boolean): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'empty';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return Object.keys(value).length === 0 ? 'an empty map' : 'a map';
  if (!quoting && value === '') return 'an empty text';
  if (!quoting) return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
  return typeof value === 'string' ? quote(value) : String(value);
}

/** Describes an unknown key of a map, with the known keys and the most similar one. */
export function unknownKeyText(key: string, known: readonly string[]): string {
  return `unknown key ${quote(key)}; expected ${known.join(', ')}.${suggestion(key, known)}`;
}
