import type { BigNumber, MathJsInstance, UnitStatic } from 'mathjs';

/** Words that happen to be units of mathjs, and in a question never are; temperatures have been spelt out by now. */
const words: ReadonlySet<string> = new Set(['at', 'as', 'am', 'pm', 'us', 'hat', 'a', 'c', 'f', 'k']);

/** Spellings that would otherwise be read as another unit. */
const spellings: ReadonlyMap<string, string> = new Map([
  ['KB', 'kB'],
  ['kb', 'kB'],
]);

/** Numbers with a name, computed by what counts in decimals. */
export const constants: ReadonlyMap<string, (exact: MathJsInstance) => BigNumber> = new Map([
  ['pi', (exact) => exact.acos(exact.bignumber(-1)) as unknown as BigNumber],
  ['e', (exact) => exact.exp(exact.bignumber(1))],
]);

/** The unit a word names, whatever its case; undefined when it names none. */
export function unitNamed(word: string, math: MathJsInstance): string | undefined {
  const { isValuelessUnit } = (math as MathJsInstance & { readonly Unit: UnitStatic }).Unit;
  if (words.has(word.toLowerCase())) return undefined;
  const candidates = [spellings.get(word) ?? word, word.toLowerCase(), word.toUpperCase()];
  return candidates.find((candidate) => isValuelessUnit(candidate));
}
