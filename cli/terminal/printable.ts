/**
 * Replaces each control character, line break and invisible character by `�`. Use it for texts of other programs, which
 * could otherwise control the terminal.
 */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, '�');
}
