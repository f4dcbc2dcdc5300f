import type { ErrorCode, YAMLError } from 'yaml';

/** Messages for common mistakes. They do not quote the document, because it can contain secrets. */
const advice: Partial<Record<ErrorCode, string>> = {
  BLOCK_AS_IMPLICIT_KEY:
    'put quotes around a value that contains a colon followed by a space; start a nested map on a new line.',
  MULTILINE_IMPLICIT_KEY: 'a colon is missing on this line; write `key: value`, with a space after the colon.',
  TAB_AS_INDENT: 'this line is indented with a tab; use spaces.',
  BAD_INDENT:
    'the indentation is wrong, or a { or [ is not closed; start the keys of a map, and the items of a list, in one column.',
  BAD_SCALAR_START: 'a text cannot start with this character; put the text in quotes.',
};

/** Describes a YAML syntax error. If the document contains secrets (`secret`), the message does not quote it. */
export function syntaxAdvice({ code, message }: YAMLError, secret: boolean): string {
  const known = advice[code] ?? missing(message);
  if (known !== undefined) return `not valid YAML: ${known}`;
  return secret ? `not valid YAML (${code}).` : `not valid YAML: ${message}.`;
}

/**
 * Returns advice for a missing part. The library uses one code for all missing parts. Its message shows which part is
 * missing.
 */
function missing(message: string): string | undefined {
  if (/^Missing closing ["']quote$/.test(message)) return 'a quote is not closed; close it.';
  if (/^Implicit map keys? need/.test(message)) return advice.MULTILINE_IMPLICIT_KEY;
  return undefined;
}
