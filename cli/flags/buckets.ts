import { catalog } from 'tinyllm/catalog';
import { type BucketBounds, bucketsVariable, isTinyLLMError, parseBuckets } from 'tinyllm/configuration';
import type { CommandArguments } from '../command/command-arguments.js';
import { text } from '../command/common-flags.js';
import type { Flags } from '../command/flag.js';
import { checkMetricsSwitch } from './metrics-switch.js';

const example = `${catalog.requestLatency.name}=.1,1,10,120`;

/** The flag with bucket bounds of histograms. */
export const bucketsFlag = {
  buckets: {
    ...text,
    describe: `Upper bounds of a histogram's buckets, ascending and without +Inf, such as ${example}; repeatable`,
    defaultDescription: bucketsVariable,
  },
} as const satisfies Flags;

/**
 * Reads {@link bucketsFlag}. Also checks the values of `TINYLLM_BUCKETS` and `TINYLLM_METRICS`, which the library applies
 * later.
 *
 * Throws a `UsageError`.
 */
export function readBuckets(args: CommandArguments, environment: NodeJS.ProcessEnv): BucketBounds | undefined {
  const texts = args.texts('buckets', `a metric and its buckets, such as ${example}`);
  checkMetricsSwitch(args, environment);
  try {
    parseBuckets([environment[bucketsVariable] ?? ''], bucketsVariable);
    return texts.length === 0 ? undefined : parseBuckets(texts, '--buckets');
  } catch (error) {
    throw isTinyLLMError(error) ? args.usageError(error.message) : error;
  }
}
