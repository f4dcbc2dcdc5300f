import { catalog } from '../catalog/catalog.js';
import { MetricsConfigurationError } from '../errors/errors.js';
import { suggestion } from '../yaml/nearest.js';
import { quoteArgument } from '../yaml/quote.js';

const kinds: ReadonlyMap<string, string> = new Map(Object.values(catalog).map(({ name, kind }) => [name, kind]));
const histograms = [...kinds].filter(([, kind]) => kind === 'histogram').map(([name]) => name);

/** Where a name comes from, and which names are offered instead of an unknown one. */
interface HistogramNameCheck {
  /** The flag or variable, for error messages. */
  readonly source: string;
  /** Why the metric must be a histogram, such as `only histograms have buckets`. */
  readonly rule: string;
  /** Names that an error message must not offer. They are valid. Default: none. */
  readonly except?: ReadonlySet<string>;
}

/** Whether a text is the name of a histogram of TinyLLM. */
export function isHistogramName(name: string): boolean {
  return kinds.get(name) === 'histogram';
}

/**
 * Checks that a name in a flag or variable is the name of a histogram of TinyLLM.
 *
 * @throws {MetricsConfigurationError} with the name received, and with similar names.
 */
export function checkHistogramName(name: string, { source, rule, except }: HistogramNameCheck): void {
  if (isHistogramName(name)) return;
  const kind = kinds.get(name);
  if (kind !== undefined) throw new MetricsConfigurationError(`${source} got ${name}, which is a ${kind}; ${rule}.`);
  const offered = histograms.filter((one) => !except?.has(one));
  const hint = suggestion(name, offered) || ` Expected one of ${offered.join(', ')}.`;
  const got = name === '' ? 'an empty name' : `the metric ${quoteArgument(name)}`;
  throw new MetricsConfigurationError(`${source} got ${got}; expected a histogram of TinyLLM.${hint}`);
}
