import { familyName, sampleNames } from './sample-names.js';

/** A metric, as far as its names go. */
export interface Named {
  readonly name: string;
  readonly type: string;
}

/** Where the metrics are written. */
export interface NameRules {
  /** Whether families need names of their own, as in OpenMetrics. In the text format, only samples do. */
  readonly strict: boolean;
  /** Other metrics of the same scrape. */
  readonly reserved?: readonly Named[];
}

const TEXT_SUFFIXES: ReadonlyMap<string, readonly string[]> = new Map([
  ['histogram', ['', '_bucket', '_sum', '_count']],
  ['summary', ['', '_sum', '_count']],
]);

/**
 * The types under which metrics can be in the same scrape, where no two families may share a name.
 *
 * In OpenMetrics, the counter `calls_total` is the family `calls`; next to a gauge `calls` it has no type, and the name
 * `calls_total`. The type is `undefined` if a metric must be omitted: the gauge `wait_count` after a histogram `wait`.
 */
export function typesWithoutClash(
  metrics: readonly Named[],
  { strict, reserved = [] }: NameRules = { strict: true },
): (string | undefined)[] {
  const namesOf = strict ? sampleNames : textNames;
  const taken = new Set(reserved.flatMap((metric) => reservedNames(metric, strict)));
  const take = (name: string, type: string): string | undefined => {
    const names = namesOf(name, type);
    if (names.some((one) => taken.has(one))) return undefined;
    for (const one of names) taken.add(one);
    return type;
  };
  const others = metrics.map(({ name, type }) => (type === 'counter' ? undefined : take(name, type)));
  return metrics.map(({ name, type }, index) =>
    type === 'counter' ? (take(name, type) ?? take(name, 'unknown')) : others[index],
  );
}

/** Without the name of a counter's family: next to a gauge of that name, the counter has no type. */
function reservedNames({ name, type }: Named, strict: boolean): readonly string[] {
  const names = strict ? sampleNames(name, type) : textNames(name, type);
  return type === 'counter' ? names.filter((one) => one !== familyName(name, type)) : names;
}

function textNames(name: string, type: string): readonly string[] {
  return (TEXT_SUFFIXES.get(type) ?? ['']).map((suffix) => name + suffix);
}
