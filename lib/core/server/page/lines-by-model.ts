import type { Line } from './panel.js';

/** The maximum number of lines; readers cannot distinguish more colours. */
const MAX_LINES = 5;

/**
 * Returns one line per model, sorted by name. Only the models with the highest values have a line; the others are
 * summed.
 *
 * Use `keep all` for states, which cannot be summed.
 */
export function linesByModel(
  moments: readonly (ReadonlyMap<string, number> | undefined)[],
  rest: 'add up' | 'keep all' = 'add up',
): Line[] {
  const sums = new Map<string, number>();
  for (const moment of moments) {
    for (const [model, value] of moment ?? []) sums.set(model, (sums.get(model) ?? 0) + value);
  }
  const models = [...sums].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([model]) => model);
  const named = rest === 'keep all' || models.length <= MAX_LINES ? models : models.slice(0, MAX_LINES - 1);
  const others = models.slice(named.length);
  const lines = named.sort().map((name) => ({ name, values: moments.map((moment) => moment?.get(name) ?? null) }));
  if (others.length === 0) return lines;
  const values = moments.map((moment) => moment && others.reduce((sum, model) => sum + (moment.get(model) ?? 0), 0));
  return [...lines, { name: `${others.length} others`, values: values.map((value) => value ?? null) }];
}
