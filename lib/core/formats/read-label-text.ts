const LABEL = /(?:"((?:[^"\\]|\\.)*)"|([^"=,]+))="((?:[^"\\]|\\.)*)"(?:,|$)/gsy;

/** Reads the labels of a series from its label text, such as `a="1","b c"="2"`. */
export function readLabelText(text: string): [name: string, value: string][] {
  return Array.from(text.matchAll(LABEL), ([, quoted, plain = '', value = '']) => [
    quoted === undefined ? plain : unescaped(quoted),
    unescaped(value),
  ]);
}

/** Returns a name without the quotes and the escaping of `formatMetricName`. */
export function unquoteName(text: string): string {
  return text.startsWith('"') ? unescaped(text.slice(1, -1)) : text;
}

/** Reverses `escapeLabelValue`. */
function unescaped(text: string): string {
  return text.includes('\\')
    ? text.replace(/\\(.)/gs, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped))
    : text;
}

/** Whether a label text may have a name in double quotes. Rarely true for a text that has none. */
export function mayHaveQuotedName(text: string): boolean {
  return text.includes(',"') || text.startsWith('"');
}
