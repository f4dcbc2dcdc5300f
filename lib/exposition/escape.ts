// Both formats: https://prometheus.io/docs/instrumenting/exposition_formats/ — a label value escapes the backslash,
// the double quote and the line feed, a help text the backslash and the line feed.

/** A label value as it stands between its quotes. */
export function escapeLabelValue(value: string): string {
  return /[\\"\n]/.test(value) ? value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n') : value;
}

/** A help text as it stands after its metric's name. */
export function escapeHelp(help: string): string {
  return /[\\\n]/.test(help) ? help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n') : help;
}

/** A sample's value: the shortest decimal that reads back the same, or `NaN`, `+Inf`, `-Inf`. */
export function formatValue(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}
