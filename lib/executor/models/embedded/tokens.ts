const token = /\s*(?:\d+(?:[.,]\d+)*|[\p{L}\p{M}]+|\S)|\s+$/gu;

/**
 * Splits a text into tokens: each word, number and punctuation mark is one, with the white space before it.
 *
 * The tokens joined are the text. "3.1 miles, please" is four: `3.1`, ` miles`, `,` and ` please`.
 */
export function tokensOf(text: string): string[] {
  return text.match(token) ?? [];
}
