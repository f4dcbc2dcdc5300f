import { catalog } from '../catalog/catalog.js';
import { MetricsConfigurationError } from '../errors/errors.js';
import { suggestion } from '../yaml/nearest.js';
import { quoteArgument } from '../yaml/quote.js';

const kinds: ReadonlyMap<string, string> = new Map(Object.values(catalog).map(({ name, kind }) => [name, kind]));
const histograms = [...kinds].filter(([, kind]) => kind === 'histogram').map(([name]) => name);

/**
 * Checks that a name in a flag or variable is the name of a histogram of TinyLLM.
 *
 * @param source The flag or variable, for error messages.
 * @param rule Why the metric must be a histogram, such as `only histograms have buckets`.
 * @throws {MetricsConfigurationError} with the name received, and with similar names.
 */
export function checkHistogramName(name: string, source: string, rule: string): void {
  const kind = kinds.get(name);
  if (kind === 'histogram') return;
  if (kind !== undefined) throw new MetricsConfigurationError(`${source} got ${name}, which is a ${kind}; ${rule}.`);
  const hint = suggestion(name, histograms) || ` Expected one of ${histograms.join(', ')}.`;
  const got = name === '' ? 'an empty name' : `the metric ${quoteArgument(name)}`;
  throw new MetricsConfigurationError(`${source} got ${got}; expected a histogram of TinyLLM.${hint}`);
}
