/**
 * `tinyllm/configuration`: YAML with line and column numbers, bucket bounds, native histograms and labels as text, URLs
 * without secrets, file locks, atomic file replacement, and classes of errors.
 *
 * @module
 */
export { metricsAreOff, metricsVariable, switchProblem } from './collector/metrics-are-off.js';
export { type BucketBounds, bucketsVariable, parseBuckets } from './collector/parse-buckets.js';
export { nativeHistogramsVariable, parseNativeHistograms } from './collector/parse-native-histograms.js';
export { FileError, MetricsConfigurationError } from './errors/errors.js';
export { type ErrorFacts, isTinyLLMError, markErrors, TinyLLMError } from './errors/tinyllm-error.js';
export { shownUrl, withoutUrlSecrets } from './errors/url-secrets.js';
export { type FileInUse, type FileLock, type FileLockOptions, lockFile } from './files/file-lock.js';
export type { Replacement } from './files/replace-file.js';
export { replaceFile } from './files/replace-file.js';
export { unwritable } from './files/unwritable.js';
export { metricsFileSuffix } from './push/metrics-file-suffix.js';
export type { PushUrl, PushUrlProblem } from './push/push-url.js';
export { readPushUrl } from './push/push-url.js';
export {
  expectedLabelText,
  isLabelText,
  labelNameProblem,
  maxAdditionalLabels,
} from './server/client-labels/label-checks.js';
export { type ClientLabelSource, isHeaderSource, labelSourceProblem } from './server/client-labels/label-sources.js';
export { VERSION } from './version/version.js';
export { nearest, suggestion } from './yaml/nearest.js';
export type { Problem } from './yaml/problem.js';
export { pathName, shownValue, unknownKeyText } from './yaml/problem-text.js';
export { quote, quoteArgument, shownAddress } from './yaml/quote.js';
export { type YamlKind, YamlSource } from './yaml/yaml-source.js';
