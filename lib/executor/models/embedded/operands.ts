/** Regular expressions, as text, for the operands of an operation. */

/** A number in digits, optionally with an exponent or a power. */
export const number = String.raw`(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?(?:\^\d+)?`;

/** Parentheses with up to four levels, optionally with a function name before them. */
const group = String.raw`[a-z]*\d*\((?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*\)`;

/** A number, a group or pi. "20% of 50" is not an operand until it has been rewritten. */
export const operand = String.raw`(?:-?(?<![\w.])${number}(?![\d.^])[%!]?(?!%? of\b)|${group}|pi\b)`;

/** Two or more operands, separated by commas or "and". */
export const operands = `${operand}(?:(?:, and |, |,| and )${operand})+`;

/** A unit as an expression: `km`, `m^2`, `mi/h`. */
export const unit = String.raw`[a-z]+(?:\^\d)?(?:\/[a-z]+(?:\^\d)?)?`;

/** Splits a match of {@link operands} into its operands. */
export function splitOperands(list: string): string[] {
  return list.split(/, and |, | and |,(?![^(]*\))/);
}
