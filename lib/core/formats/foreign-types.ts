import { familyName, sampleNames } from './sample-names.js';

/** The name and type of a metric. */
export interface Named {
  readonly name: string;
  readonly type: string;
}

/** The rules for names in a scrape. */
export interface NameRules {
  /** Whether families need unique names, as in OpenMetrics. In the text format, only samples do. */
  readonly strict: boolean;
  /** Other metrics of the same scrape. */
  readonly reserved?: readonly Named[];
}

const TEXT_SUFFIXES: ReadonlyMap<string, readonly string[]> = new Map([
  ['histogram', ['', '_bucket', '_sum', '_count']],
  ['summary', ['', '_sum', '_count']],
]);

/**
 * Determines the types under which metrics can be in the same scrape. No two families may share a name.
 *
 * In OpenMetrics, the counter `calls_total` is the family `calls`. Next to a gauge `calls`, this counter gets the type
 * `unknown` and keeps the name `calls_total`. A metric that must be omitted, such as the gauge `wait_count` after a
 * histogram `wait`, gets `undefined` instead of a type.
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

/**
 * Returns the names that a metric reserves. The family name of a counter (`calls` for `calls_total`) is not
 * reserved: another metric may have it, and this counter then gets the type `unknown`.
 */
function reservedNames({ name, type }: Named, strict: boolean): readonly string[] {
  const names = strict ? sampleNames(name, type) : textNames(name, type);
  return type === 'counter' ? names.filter((one) => one !== familyName(name, type)) : names;
}

function textNames(name: string, type: string): readonly string[] {
  return (TEXT_SUFFIXES.get(type) ?? ['']).map((suffix) => name + suffix);
}
