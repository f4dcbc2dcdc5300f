import { evaluate } from './embedded/evaluate.js';
import { loadMathematics } from './embedded/mathematics.js';
import { NoValue } from './embedded/no-value.js';
import { toExpression } from './embedded/to-expression.js';
import { writeValue } from './embedded/write-value.js';

/**
 * Computes what a question in plain English asks for: arithmetic, percentages, powers, roots, unit conversions.
 *
 * The answer is undefined when the question, or any part of it, asks something else. Decimals are exact to 64 digits;
 * what has units or angles is computed in doubles. `log` is the common logarithm, `ln` the natural one; angles are in
 * radians unless they say degrees. A question that is well put but has no value is answered in words.
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
 * Computes what {@link computeAnswer} does, for whoever goes on with the value.
 *
 * @throws {NoValue} for a question that is well put but has no value; its message says why in words.
 */
export async function computeValue(question: string): Promise<string | undefined> {
  const expression = toExpression(question);
  if (expression === undefined || !/\d/.test(expression.text)) return undefined;
  const mathematics = await loadMathematics();
  try {
    return `${writeValue(evaluate(expression.text, mathematics), mathematics.exact)}${expression.suffix}`;
  } catch (error) {
    if (error instanceof NoValue) throw error;
    // Whatever else the parser or an operation objects to, the question was no arithmetic.
    return undefined;
  }
}
