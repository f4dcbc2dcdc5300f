import type { ErrorCode, YAMLError } from 'yaml';

/** What people get wrong most, in words that say what to write; none quotes the document, which may hold secrets. */
const advice: Partial<Record<ErrorCode, string>> = {
  BLOCK_AS_IMPLICIT_KEY: 'a value with a colon and a space in it goes in quotes; a map in a map, on lines of its own.',
  MULTILINE_IMPLICIT_KEY: 'no colon follows on this line; write `key: value`, with a space after the colon.',
  TAB_AS_INDENT: 'a tab indents this line; use spaces.',
  BAD_INDENT: 'keys of one map begin in one column, and so do items of a list; what { or [ opens is closed.',
  BAD_SCALAR_START: 'no text begins with this character unless it stands in quotes.',
};

/** What is wrong with text that is no YAML; of a document that holds `secret`s, nothing that could quote it. */
export function syntaxAdvice({ code, message }: YAMLError, secret: boolean): string {
  const known = advice[code] ?? missing(message);
  if (known !== undefined) return `not valid YAML: ${known}`;
  return secret ? `not valid YAML (${code}).` : `not valid YAML: ${message}.`;
}

/** One code stands for everything that is missing; the library's words tell what. */
function missing(message: string): string | undefined {
  if (/^Missing closing ["']quote$/.test(message)) return 'a quote that was opened is not closed; close it.';
  if (/^Implicit map keys? need/.test(message)) return advice.MULTILINE_IMPLICIT_KEY;
  return undefined;
}
