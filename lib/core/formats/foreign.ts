import { type ForeignReading, readForeign } from '../metrics/read-foreign.js';
import { Slices } from '../metrics/slices.js';
import { exposedReadings, problemsOf } from './exposed-readings.js';
import type { DefaultLabels, ForeignMetric } from './foreign-metric.js';
import { writeForeignSamples } from './foreign-samples.js';
import type { Named } from './foreign-types.js';
import type { Escaping, Format } from './format.js';
import { equalLabels } from './series-labels.js';
import { escapingIn } from './write-families.js';

/** How to write foreign metrics. */
export interface WriteForeignOptions {
  readonly defaultLabels?: DefaultLabels;
  /** Metrics that the scrape already contains. */
  readonly reserved?: readonly Named[];
  /** How to write names that are not plain. Default: `underscores`. */
  readonly escaping?: Escaping | undefined;
  /** How long to wait for each metric, in milliseconds. */
  readonly milliseconds?: number | undefined;
  /** Pauses between slices of work, so that the event loop can handle other events. */
  readonly slices?: Slices | undefined;
}

/** Foreign metrics (prom-client metrics of the application) as text, and the names of those with problems. */
export interface ForeignText {
  readonly text: string;
  /** Names of omitted metrics: their `get` failed, or the format can't contain them next to the others. */
  readonly failed: readonly string[];
  /** Names of metrics in which something was repaired or omitted. */
  readonly repaired: readonly string[];
}

/**
 * Writes foreign metrics in a format. Never rejects. The text is valid whatever the metrics return.
 *
 * prom-client isn't used for this, for two reasons: its output depends on the format of the last scrape of its
 * registry, and it writes `Nan` instead of `NaN`. The text format names omitted metrics in comments.
 */
export async function writeForeign(
  metrics: readonly ForeignMetric[],
  format: Format,
  options: WriteForeignOptions = {},
): Promise<ForeignText> {
  return writeReadings(await readMetrics(metrics, options), format, options);
}

/** Reads foreign metrics, to write them in one or more formats. Never rejects. */
export function readMetrics(
  metrics: readonly ForeignMetric[],
  { defaultLabels = {}, reserved = [], milliseconds, slices }: WriteForeignOptions,
): Promise<ForeignReading[]> {
  const unchecked = metrics.map(({ name, metric }) => ({ name, read: () => metric.get() }));
  const reservedNames = reserved.map(({ name }) => name);
  return readForeign(unchecked, { defaultLabels, reservedNames, milliseconds, slices });
}

/** Writes metrics in the given format. The metrics have already been read. */
export async function writeReadings(
  readings: readonly ForeignReading[],
  format: Format,
  {
    reserved = [],
    slices = new Slices(),
    escaping: requested,
  }: Pick<WriteForeignOptions, 'reserved' | 'slices' | 'escaping'>,
): Promise<ForeignText> {
  const escaping = escapingIn(format, requested);
  let text = '';
  const written: ForeignReading[] = [];
  for (const reading of exposedReadings(readings, { strict: format.hasShortNames, reserved, escaping })) {
    const { registeredName, family } = reading;
    const shown = registeredName.toWellFormed() || 'without a name';
    let omitted = 0;
    if (family === undefined) text += format.comment(`The metric ${shown} could not be collected.`);
    else {
      const samples = await slices.run(writeForeignSamples(family, format, escaping));
      omitted = samples.omitted;
      text += format.header(family) + samples.text;
      if (omitted > 0) text += format.comment(equalLabels(shown, omitted));
    }
    written.push(omitted > 0 ? { ...reading, isRepaired: true } : reading);
  }
  return { text, ...problemsOf(written) };
}
