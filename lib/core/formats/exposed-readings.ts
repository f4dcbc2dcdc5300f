import type { ForeignReading } from '../metrics/read-foreign.js';
import { escapeMetricName } from './escape-name.js';
import type { NameRules } from './foreign-types.js';
import type { Escaping } from './format.js';
import { scrapeNames } from './scrape-names.js';

/**
 * Determines the names and types of foreign metrics in a scrape.
 *
 * Returns the readings with these names and types. A metric that must be omitted has no family.
 *
 * @param rules.reserved Other metrics of the scrape, with their names before escaping.
 */
export function exposedReadings(
  readings: readonly ForeignReading[],
  { strict, reserved = [], escaping }: NameRules & { readonly escaping: Escaping },
): ForeignReading[] {
  const families = readings.flatMap(({ family }) => family ?? []);
  const names = scrapeNames(families, {
    ...{ strict, escaping },
    reserved: reserved.map(({ name, type }) => ({ name: escapeMetricName(name, escaping), type })),
  });
  const nameOf = new Map(families.map((family, index) => [family, names[index]]));
  return readings.map((reading) => {
    const { family } = reading;
    const { name, type } = (family && nameOf.get(family)) ?? {};
    const isExposed = family !== undefined && name !== undefined && type !== undefined;
    return { ...reading, family: isExposed ? { ...family, name, type } : undefined };
  });
}

/** Returns the registered names of omitted metrics, and of other metrics in which something was repaired or omitted. */
export function problemsOf(exposed: readonly ForeignReading[]): {
  readonly failed: readonly string[];
  readonly repaired: readonly string[];
} {
  const namesOf = (readings: readonly ForeignReading[]): string[] =>
    readings.map(({ registeredName }) => registeredName);
  return {
    failed: namesOf(exposed.filter(({ family }) => family === undefined)),
    repaired: namesOf(exposed.filter(({ family, isRepaired }) => family !== undefined && isRepaired)),
  };
}
