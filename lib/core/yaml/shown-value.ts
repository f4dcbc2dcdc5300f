import { quote } from './quote.js';

/** Describes a value in an error message: `"text"`, `42`, `a map`, `empty`, `missing`. Without `quoting` it hides texts and numbers. */
export function shownValue(value: unknown, quoting: boolean): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'empty';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return Object.keys(value).length === 0 ? 'an empty map' : 'a map';
  if (!quoting) return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
  return typeof value === 'string' ? quote(value) : String(value);
}
