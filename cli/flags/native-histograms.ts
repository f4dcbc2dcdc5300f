import type { NativeHistogramsConfiguration } from 'tinyllm';
import { isTinyLLMError, nativeHistogramsVariable, parseNativeHistograms } from 'tinyllm/configuration';
import type { CommandArguments } from '../command/command-arguments.js';
import { text } from '../command/common-flags.js';
import type { Flags } from '../command/flag.js';

/** The flag that makes histograms native. */
export const nativeHistogramsFlag = {
  'native-histograms': {
    ...text,
    describe:
      'Record native histograms in addition to buckets: on, off or options such as factor=1.05,max-buckets=320; without a value: on; repeatable',
    defaultDescription: nativeHistogramsVariable,
  },
} as const satisfies Flags;

/**
 * Reads {@link nativeHistogramsFlag}. Also checks the value of `TINYLLM_NATIVE_HISTOGRAMS`, which the library applies
 * later.
 *
 * Throws a `UsageError`.
 */
export function readNativeHistograms(
  args: CommandArguments,
  environment: NodeJS.ProcessEnv,
): NativeHistogramsConfiguration | undefined {
  try {
    parseNativeHistograms([environment[nativeHistogramsVariable] ?? ''], nativeHistogramsVariable);
    return parseNativeHistograms(args.textsOr('native-histograms', 'on'), '--native-histograms');
  } catch (error) {
    throw isTinyLLMError(error) ? args.usageError(error.message) : error;
  }
}
