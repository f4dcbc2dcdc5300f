/** Label values are cut to this many UTF-16 code units. */
export const MAX_LABEL_VALUE_LENGTH = 256;

/**
 * Makes anything a label value: a well-formed string of at most 256 UTF-16 code units.
 *
 * A surrogate pair is never cut in two, and a lone surrogate becomes U+FFFD as it would in UTF-8, so that two
 * values that differ here differ on the wire.
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
