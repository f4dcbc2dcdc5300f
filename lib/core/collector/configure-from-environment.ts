import { MetricsConfigurationError } from '../errors/errors.js';
import { environmentVariable } from '../metrics/environment-variable.js';
import type { MeterConfiguration } from '../metrics/meter-configuration.js';
import type { MetricsCollector } from './collector.js';
import { bucketsVariable, parseBuckets } from './parse-buckets.js';
import { nativeHistogramsVariable, parseNativeHistograms } from './parse-native-histograms.js';

/** An environment variable that sets an option of `configureMetrics`. */
interface ConfigurationVariable {
  readonly name: string;
  readonly parse: (text: string) => MeterConfiguration;
  /** The effect of an invalid value, as a sentence. */
  readonly fallback: string;
}

const variables: readonly ConfigurationVariable[] = [
  {
    name: bucketsVariable,
    parse: (text) => ({ buckets: parseBuckets([text], bucketsVariable) }),
    fallback: 'The default buckets are used.',
  },
  {
    name: nativeHistogramsVariable,
    parse: (text) => ({ nativeHistograms: parseNativeHistograms([text], nativeHistogramsVariable) }),
    fallback: 'The variable is ignored.',
  },
];

/**
 * Applies the environment variables `TINYLLM_BUCKETS` and `TINYLLM_NATIVE_HISTOGRAMS`.
 *
 * If a value is invalid, the defaults stay, and the problem is reported. An import of the package must not throw
 * because of the environment.
 */
export function configureFromEnvironment({ meter, problems }: MetricsCollector): void {
  for (const { name, parse, fallback } of variables) {
    const text = environmentVariable(name);
    if (text === undefined) continue;
    try {
      meter.configure(parse(text));
    } catch (cause) {
      if (!(cause instanceof MetricsConfigurationError)) throw cause;
      problems.report(new MetricsConfigurationError(`${cause.message} ${fallback}`, { cause }));
    }
  }
}
