import {
  bucketsVariable,
  isTinyLLMError,
  nativeHistogramsVariable,
  parseBuckets,
  parseNativeHistograms,
} from 'tinyllm/configuration';
import { type Finding, failed } from './finding.js';

/** The variables that configure histograms, and the functions that check their values. */
const variables = {
  [bucketsVariable]: parseBuckets,
  [nativeHistogramsVariable]: parseNativeHistograms,
} as const;

/** Checks the values of `TINYLLM_BUCKETS` and `TINYLLM_NATIVE_HISTOGRAMS`. Returns nothing if they are valid. */
export function checkRecordingVariables(environment: NodeJS.ProcessEnv): readonly Finding[] {
  return Object.entries(variables).flatMap(([name, parse]) => {
    try {
      parse([environment[name] ?? ''], name);
      return [];
    } catch (error) {
      if (!isTinyLLMError(error)) throw error;
      return [failed('variable', error.message.replace(/\.$/, ''), `correct ${name}, or unset it`)];
    }
  });
}
