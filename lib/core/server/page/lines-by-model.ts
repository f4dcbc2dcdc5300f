import type { Line } from './panel.js';

/** How many models have a line of their own; there are no more colours that everybody can tell apart. */
const MOST = 5;

/**
 * A line for each model, those with the largest figures first, the rest added up as `others`.
 *
 * States cannot be added up: `keep all` gives every model its line.
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
  const named = rest === 'keep all' || models.length <= MOST ? models : models.slice(0, MOST - 1);
  const others = models.slice(named.length);
  const lines = named.sort().map((name) => ({ name, values: moments.map((moment) => moment?.get(name) ?? null) }));
  if (others.length === 0) return lines;
  const values = moments.map((moment) => moment && others.reduce((sum, model) => sum + (moment.get(model) ?? 0), 0));
  return [...lines, { name: `${others.length} others`, values: values.map((value) => value ?? null) }];
}
