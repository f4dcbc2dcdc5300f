/** The median of measurements, and the lower and upper quartile. */
export interface Summary {
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
}

/** Summarizes measurements. At least one is required. */
export function summarize(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: quantile(sorted, 0.5), lower: quantile(sorted, 0.25), upper: quantile(sorted, 0.75) };
}

/** The median of measurements. */
export function median(values: readonly number[]): number {
  return summarize(values).median;
}

/** The 10th percentile of measurements. Other processes on the machine affect it less than the median. */
export function fastest(values: readonly number[]): number {
  return quantile(
    [...values].sort((a, b) => a - b),
    0.1,
  );
}

function quantile(sorted: readonly number[], fraction: number): number {
  const position = (sorted.length - 1) * fraction;
  const below = Math.floor(position);
  const above = Math.ceil(position);
  return sorted[below]! + (sorted[above]! - sorted[below]!) * (position - below);
}
