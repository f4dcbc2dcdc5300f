/** Completes a sentence about a label that is not declared: what was expected, and the fix. */
export function undeclaredAdvice(declared: readonly string[]): string {
  return declared.length === 0
    ? 'no label is declared. Add it to the labels of configureMetrics, before the first call.'
    : `expected one of ${declared.join(', ')}. Correct the name, or add it to the labels of configureMetrics.`;
}
