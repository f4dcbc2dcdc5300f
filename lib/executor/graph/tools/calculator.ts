import { computeValue } from '../../models/arithmetic.js';
import { NoValue } from '../../models/embedded/no-value.js';
import type { Tool } from './tool.js';

/**
 * Computes the arithmetic in a question: sums, percentages, powers, roots, unit conversions.
 *
 * What has no value, such as 1/0, leaves no result: the words for that are no number to go on with.
 */
export const calculator: Tool = {
  name: 'calculator',
  // mathjs makes its functions when they are first called, which takes half as long again as loading it.
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
