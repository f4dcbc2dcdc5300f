import { collectForeign } from './collect-foreign.js';
import { isMetricName, isUtf8Name, plainMetricName, repairMetricName } from './exposition-names.js';
import { type ForeignDataReading, type ForeignFamily, readForeignData } from './foreign-data.js';
import type { ForeignNames } from './foreign-values.js';
import { Slices } from './slices.js';

/** A metric of the registry. Nothing in it has been validated. */
export interface UncheckedMetric {
  /** The name under which it was registered. */
  readonly name: unknown;
  /** Reads its current data. */
  readonly read: () => unknown;
}

/** Options of `readForeign`. */
export interface ReadForeignOptions {
  /** Labels of every sample. A sample's own label of the same name has priority. */
  readonly defaultLabels?: Readonly<Record<string, unknown>>;
  /** Names that other metrics of the scrape already use. */
  readonly reservedNames?: Iterable<string>;
  /** Which names are kept. Default: `utf-8`. */
  readonly names?: ForeignNames | undefined;
  /** How long to wait for each metric. Default and maximum: `COLLECT_MILLISECONDS`. */
  readonly milliseconds?: number | undefined;
  /** Pauses between slices of work, so that the event loop can handle other events. */
  readonly slices?: Slices | undefined;
}

/** The part of a foreign metric that a scrape can expose. */
export interface ForeignReading {
  /** The name under which it was registered, for messages. Empty if the name is not a text. */
  readonly registeredName: string;
  /** `undefined` if the metric must be omitted. */
  readonly family: ForeignFamily | undefined;
  /** Whether anything was repaired or omitted. */
  readonly isRepaired: boolean;
  /** Whether the family differs from the data, because something was repaired, or names were made plain. */
  readonly isChanged: boolean;
  /** The data that the metric returned. */
  readonly data: unknown;
}

/**
 * Reads foreign metrics and repairs or omits invalid data. Never rejects, and never waits longer than the deadline for
 * a metric.
 *
 * The result has the order of the metrics. If a changed name is the name of another metric, the metric is omitted.
 */
export async function readForeign(
  metrics: readonly UncheckedMetric[],
  options: ReadForeignOptions = {},
): Promise<ForeignReading[]> {
  const { defaultLabels = {}, reservedNames = [], names = 'utf-8', milliseconds, slices = new Slices() } = options;
  const results = await collectForeign(
    metrics.map(({ read }) => read),
    {
      milliseconds,
      slices,
      use: async (data, index) => {
        // Validate the data at once: a rejected promise in it ends the process if nothing handles it in time.
        const reading = await slices.run(
          readForeignData(data, { registeredName: metrics[index]?.name, defaultLabels, names }),
        );
        return { data, reading };
      },
    },
  );
  const found = metrics.map(({ name }, index) => {
    const { data, reading } = results[index] ?? { data: undefined, reading: undefined };
    return { registeredName: typeof name === 'string' ? name : '', data, reading };
  });
  const exposed = exposedNames(found, new Set(reservedNames), names);
  return found.map(({ registeredName, data, reading }, index) => {
    const name = exposed[index];
    if (reading === undefined || name === undefined) {
      return { registeredName, data, family: undefined, isRepaired: true, isChanged: true };
    }
    const { help, type, samples, ownName } = reading;
    const isRepaired = reading.isRepaired || !isUtf8Name(registeredName) || !isUtf8Name(ownName ?? '');
    const isChanged = isRepaired || reading.hasChangedLabels || name !== registeredName;
    return { registeredName, data, family: { name, help, type, samples }, isRepaired, isChanged };
  });
}

/** Determines the names in the scrape. Names that stay unchanged have priority. */
function exposedNames(
  found: readonly { readonly registeredName: string; readonly reading: ForeignDataReading | undefined }[],
  taken: Set<string>,
  names: ForeignNames,
): (string | undefined)[] {
  const take = (name: string | undefined): string | undefined => {
    if (name === undefined || taken.has(name)) return undefined;
    taken.add(name);
    return name;
  };
  const [isValid, change] = names === 'plain' ? [isMetricName, plainMetricName] : [isUtf8Name, repairMetricName];
  const valid = found.map(({ registeredName, reading }) =>
    reading !== undefined && isValid(registeredName) ? take(registeredName) : undefined,
  );
  return found.map(({ registeredName, reading }, index) => {
    if (reading === undefined || isValid(registeredName)) return valid[index];
    return take(change(registeredName || (reading.ownName ?? '')));
  });
}
