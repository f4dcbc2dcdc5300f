import type { BigNumber, MathJsInstance, UnitStatic } from 'mathjs';

/**
 * Words that are units in mathjs but not in questions. The letters C, F and K of temperatures are replaced before this
 * check.
 */
const words: ReadonlySet<string> = new Set(['at', 'as', 'am', 'pm', 'us', 'hat', 'a', 'c', 'f', 'k']);

/** Spellings that mathjs would read as another unit. */
const spellings: ReadonlyMap<string, string> = new Map([
  ['KB', 'kB'],
  ['kb', 'kB'],
]);

/** Named constants, computed with exact decimals. */
export const constants: ReadonlyMap<string, (exact: MathJsInstance) => BigNumber> = new Map([
  ['pi', (exact) => exact.acos(exact.bignumber(-1)) as unknown as BigNumber],
  ['e', (exact) => exact.exp(exact.bignumber(1))],
]);

/**
 * Returns mathjs's name of the unit that a word names, or undefined if the word is not a unit.
 *
 * Tries the spelling of the word first, then lower case, then upper case.
 */
export function unitNamed(word: string, math: MathJsInstance): string | undefined {
  const { isValuelessUnit } = (math as MathJsInstance & { readonly Unit: UnitStatic }).Unit;
  if (words.has(word.toLowerCase())) return undefined;
  const candidates = [spellings.get(word) ?? word, word.toLowerCase(), word.toUpperCase()];
  return candidates.find((candidate) => isValuelessUnit(candidate));
}
