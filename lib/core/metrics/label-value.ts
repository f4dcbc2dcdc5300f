/**
 * The value of a label that a series does not have. In a scrape, the label is omitted.
 *
 * A lone surrogate can't be the value of a label, because {@link toLabelValue} replaces it.
 */
export const ABSENT_LABEL_VALUE = '\ud800';

/** The value of every label of an overflow series. */
export const OVERFLOW_LABEL_VALUE = 'other';

/** Label values are truncated to this number of UTF-16 code units. */
export const MAX_LABEL_VALUE_LENGTH = 256;

/**
 * Converts any value to a label value: a well-formed string of at most 256 UTF-16 code units.
 *
 * A surrogate pair is never divided. A lone surrogate becomes U+FFFD, as in UTF-8. Values that are equal in a scrape
 * thus have the same series.
 */
export function toLabelValue(value: unknown): string {
  const text = String(value);
  const cut = text.length > MAX_LABEL_VALUE_LENGTH ? text.slice(0, cutPoint(text)) : text;
  return cut.toWellFormed();
}

function cutPoint(text: string): number {
  const last = text.charCodeAt(MAX_LABEL_VALUE_LENGTH - 1);
  const isHighSurrogate = last >= 0xd800 && last <= 0xdbff;
  return isHighSurrogate ? MAX_LABEL_VALUE_LENGTH - 1 : MAX_LABEL_VALUE_LENGTH;
}
