import { computeValue } from '../../models/arithmetic.js';
import { NoValue } from '../../models/embedded/no-value.js';
import type { Tool } from './tool.js';

/**
 * Computes the arithmetic in a question: sums, percentages, powers, roots, unit conversions.
 *
 * An expression without a value, such as 1/0, has no result: later nodes need a number, not an explanation.
 */
export const calculator: Tool = {
  name: 'calculator',
  // The first computation loads mathjs and creates its functions. Creating the functions takes at least as long as
  // loading the library. So the preparation does a computation, instead of only loading the library.
  prepare: () => computeValue('1 + 1'),
  async run(question) {
    try {
      return await computeValue(question);
    } catch (error) {
      if (error instanceof NoValue) return undefined;
      throw error;
    }
  },
};
