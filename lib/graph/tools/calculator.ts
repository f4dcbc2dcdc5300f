import { computeAnswer } from '../../models/arithmetic.js';
import type { Tool } from './tool.js';

/** Computes the arithmetic in a question: sums, percentages, powers, roots, unit conversions. */
export const calculator: Tool = {
  name: 'calculator',
  run: (question) => computeAnswer(question),
};
