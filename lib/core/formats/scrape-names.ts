import { escapeMetricName } from './escape-name.js';
import { type Named, type NameRules, typesWithoutClash } from './foreign-types.js';
import type { Escaping } from './format.js';

/** The name and the type of a metric in a scrape. */
export interface ScrapeName {
  readonly name: string;
  /** `undefined` if the metric must be omitted. */
  readonly type: string | undefined;
}

/**
 * Determines the names and types under which metrics can be in the same scrape.
 *
 * Different names can be equal after they were escaped. Names that don't change have priority. Otherwise, the first
 * metric keeps its name. The other metrics are omitted.
 *
 * @param rules.reserved Other metrics of the scrape, with their names in it.
 */
export function scrapeNames(
  metrics: readonly Named[],
  { escaping, ...rules }: NameRules & { readonly escaping: Escaping },
): readonly ScrapeName[] {
  const escaped = metrics.map(({ name, type }) => ({ name: escapeMetricName(name, escaping), type }));
  const isChanged = (index: number): boolean => escaped[index]!.name !== metrics[index]!.name;
  const order = [...metrics.keys()].sort((a, b) => Number(isChanged(a)) - Number(isChanged(b)));
  const types = typesWithoutClash(
    order.map((index) => escaped[index]!),
    rules,
  );
  const names = escaped.map(({ name }): { name: string; type: string | undefined } => ({ name, type: undefined }));
  for (const [position, index] of order.entries()) names[index]!.type = types[position];
  return names;
}
