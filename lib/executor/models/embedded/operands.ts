/** Sources of the patterns that find what an operation works on. */

/** A number as it is written in digits, perhaps with an exponent or a power. */
export const number = String.raw`(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?(?:\^\d+)?`;

/** Parentheses up to four deep, perhaps with a function's name before them. */
const group = String.raw`[a-z]*\d*\((?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*\)`;

/** Something with a value; "20% of 50" is not yet one. */
export const operand = String.raw`(?:-?(?<![\w.])${number}(?![\d.^])[%!]?(?!%? of\b)|${group}|pi\b)`;

/** Two operands or more, with commas or "and" between them. */
export const operands = `${operand}(?:(?:, and |, |,| and )${operand})+`;

/** A unit as an expression: `km`, `m^2`, `mi/h`. */
export const unit = String.raw`[a-z]+(?:\^\d)?(?:\/[a-z]+(?:\^\d)?)?`;

/** The operands of a list that {@link operands} found. */
export function splitOperands(list: string): string[] {
  return list.split(/, and |, | and |,(?![^(]*\))/);
}
