import { catalog } from '../../catalog/catalog.js';
import { MetricsConfigurationError } from '../../errors/errors.js';
import { checkLabelNames } from '../../metrics/check-label-names.js';
import { MAX_LABEL_VALUE_LENGTH } from '../../metrics/label-value.js';

/** Maximum number of additional labels that flags, a graph file or a job may set. */
export const maxAdditionalLabels = 16;

/** Describes {@link isLabelText}, for error messages. */
export const expectedLabelText = `a text of 1 to ${MAX_LABEL_VALUE_LENGTH} characters without control characters`;

/**
 * Whether a text from a flag, a file or a client can be the value of a label: 1 to 256 UTF-16 code units without control
 * characters, format characters (such as a zero-width space or a change of direction) and line separators.
 */
export function isLabelText(text: unknown): text is string {
  return (
    typeof text === 'string' &&
    text !== '' &&
    text.length <= MAX_LABEL_VALUE_LENGTH &&
    text.isWellFormed() &&
    !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text)
  );
}

const perCall = Object.values(catalog).filter(({ perCall: isPerCall }) => isPerCall);

/**
 * Returns why a name can't be the name of an additional label, such as `contains "le", which is reserved for buckets of
 * histograms; choose another name.` Undefined if the name is valid.
 *
 * Valid names are those of `labels` of `configureMetrics`.
 */
export function labelNameProblem(name: string): string | undefined {
  try {
    checkLabelNames('', [name], perCall);
    return undefined;
  } catch (error) {
    if (error instanceof MetricsConfigurationError) return error.message.trimStart();
    throw error;
  }
}
