import { collectForeign } from './collect-foreign.js';
import { isMetricName, repairMetricName } from './exposition-names.js';
import { type ForeignDataReading, type ForeignFamily, readForeignData } from './foreign-data.js';
import { Slices } from './slices.js';

/** A metric of the registry; nothing about it is known to be valid. */
export interface UncheckedMetric {
  /** The name it was registered under. */
  readonly name: unknown;
  /** Reads its current data. */
  readonly read: () => unknown;
}

/** How to read foreign metrics. */
export interface ReadForeignOptions {
  /** Labels of every sample; a sample's own label of the same name has priority. */
  readonly defaultLabels?: Readonly<Record<string, unknown>>;
  /** Names that other metrics of the scrape already have. */
  readonly reservedNames?: Iterable<string>;
  /** How long to wait for each metric; at most and by default `COLLECT_MILLISECONDS`. */
  readonly milliseconds?: number | undefined;
  /** Lets the event loop turn now and then. */
  readonly slices?: Slices | undefined;
}

/** What a scrape can expose of one foreign metric. */
export interface ForeignReading {
  /** The name it was registered under, for messages; empty if that is not a text. */
  readonly registeredName: string;
  /** `undefined` if the metric must be omitted. */
  readonly family: ForeignFamily | undefined;
  /** Whether anything was repaired or omitted. */
  readonly isRepaired: boolean;
  /** What the metric returned. */
  readonly data: unknown;
}

/**
 * Reads foreign metrics and repairs or omits what is invalid. Never rejects, and never waits for a metric longer than the deadline.
 *
 * The result has the order of the metrics. A repaired name never takes the name of another metric: the metric is
 * omitted instead.
 */
export async function readForeign(
  metrics: readonly UncheckedMetric[],
  { defaultLabels = {}, reservedNames = [], milliseconds, slices = new Slices() }: ReadForeignOptions = {},
): Promise<ForeignReading[]> {
  const results = await collectForeign(
    metrics.map(({ read }) => read),
    {
      milliseconds,
      slices,
      use: async (data, index) => {
        // Immediately, because a rejected promise in the data ends the process if nothing handles it in time.
        const reading = await slices.run(readForeignData(data, metrics[index]?.name, defaultLabels));
        return { data, reading };
      },
    },
  );
  const found = metrics.map(({ name }, index) => {
    const { data, reading } = results[index] ?? { data: undefined, reading: undefined };
    return { registeredName: typeof name === 'string' ? name : '', data, reading };
  });
  const names = exposedNames(found, new Set(reservedNames));
  return found.map(({ registeredName, data, reading }, index) => {
    const name = names[index];
    if (reading === undefined || name === undefined) {
      return { registeredName, data, family: undefined, isRepaired: true };
    }
    const { help, type, samples, ownName } = reading;
    const isRepaired = reading.isRepaired || name !== registeredName || !isMetricName(ownName ?? '');
    return { registeredName, data, family: { name, help, type, samples }, isRepaired };
  });
}

/** The name of each metric in the scrape: valid names first, then repaired ones that are still free. */
function exposedNames(
  found: readonly { readonly registeredName: string; readonly reading: ForeignDataReading | undefined }[],
  taken: Set<string>,
): (string | undefined)[] {
  const take = (name: string | undefined): string | undefined => {
    if (name === undefined || taken.has(name)) return undefined;
    taken.add(name);
    return name;
  };
  const valid = found.map(({ registeredName, reading }) =>
    reading !== undefined && isMetricName(registeredName) ? take(registeredName) : undefined,
  );
  return found.map(({ registeredName, reading }, index) => {
    if (reading === undefined || isMetricName(registeredName)) return valid[index];
    return take(repairMetricName(registeredName || (reading.ownName ?? '')));
  });
}
