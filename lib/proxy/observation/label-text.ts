import { maxNameLength } from './label-names.js';

/**
 * Whether a text can be the value of a label: 1 to 256 UTF-16 code units without control characters, format characters
 * (such as a zero-width space or a change of direction) and line separators.
 */
export function isLabelText(text: string): boolean {
  return (
    text !== '' && text.length <= maxNameLength && text.isWellFormed() && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text)
  );
}
