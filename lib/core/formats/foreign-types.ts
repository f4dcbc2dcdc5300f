import { sampleNames } from './sample-names.js';

/** A metric, as far as its names go. */
interface Named {
  readonly name: string;
  readonly type: string;
}

/**
 * The types under which metrics stand beside each other in OpenMetrics, where no two families may share a name.
 *
 * The counter `calls_total` is the family `calls` there; beside a gauge `calls` it goes without a type, as
 * `calls_total`. `undefined` stands for a metric that has no place: the gauge `wait_count` behind a histogram `wait`.
 */
export function typesWithoutClash(metrics: readonly Named[]): (string | undefined)[] {
  const taken = new Set<string>();
  const take = (name: string, type: string): string | undefined => {
    const names = sampleNames(name, type);
    if (names.some((one) => taken.has(one))) return undefined;
    for (const one of names) taken.add(one);
    return type;
  };
  const others = metrics.map(({ name, type }) => (type === 'counter' ? undefined : take(name, type)));
  return metrics.map(({ name, type }, index) =>
    type === 'counter' ? (take(name, type) ?? take(name, 'unknown')) : others[index],
  );
}
