import { evaluate } from './embedded/evaluate.js';
import { loadMathematics } from './embedded/mathematics.js';
import { NoValue } from './embedded/no-value.js';
import { toExpression } from './embedded/to-expression.js';
import { writeValue } from './embedded/write-value.js';

/**
 * Answers a question in plain English about arithmetic, percentages, powers, roots or unit conversions.
 *
 * Returns undefined if any part of the question is not arithmetic. Decimals are exact to 64 digits. Units and angles
 * are computed with doubles. `log` is the common logarithm and `ln` the natural one. Angles are in radians unless the
 * question says degrees. If a valid question has no value, such as a division by zero, the answer explains why.
 *
 * @example await computeAnswer('What is 12% of 250?') // '30'
 */
export async function computeAnswer(question: string): Promise<string | undefined> {
  try {
    return await computeValue(question);
  } catch (error) {
    if (error instanceof NoValue) return error.message;
    throw error;
  }
}

/**
 * Like {@link computeAnswer}, but throws if a valid question has no value.
 *
 * @throws {NoValue} if a valid question has no value. The message explains why.
 */
export async function computeValue(question: string): Promise<string | undefined> {
  const expression = toExpression(question);
  if (expression === undefined || !/\d/.test(expression.text)) return undefined;
  const mathematics = await loadMathematics();
  try {
    return `${writeValue(evaluate(expression.text, mathematics), mathematics.exact)}${expression.suffix}`;
  } catch (error) {
    if (error instanceof NoValue) throw error;
    // Any other error of the parser or of an operation means that the question is not arithmetic.
    return undefined;
  }
}
