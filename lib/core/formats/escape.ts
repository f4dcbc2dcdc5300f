// Sources: https://prometheus.io/docs/instrumenting/exposition_formats/ for the text format,
// https://prometheus.io/docs/specs/om/open_metrics_spec/ (Escaping, Canonical Numbers) for OpenMetrics.

/** A label value as it stands between its quotes, in both formats; in OpenMetrics a help text as well. */
export function escapeLabelValue(value: string): string {
  return /[\\"\n]/.test(value) ? value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n') : value;
}

/** A help text as it stands in the text format, where a double quote is left as it is. */
export function escapeHelp(help: string): string {
  return /[\\\n]/.test(help) ? help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n') : help;
}

/** A sample's value: the shortest decimal that reads back the same, or `NaN`, `+Inf`, `-Inf`. */
export function formatValue(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}

/**
 * OpenMetrics' canonical number, for `le` and `quantile`: `0.25`, `1.0`, `1e-05`, `1e+06`.
 *
 * It is Go's `%g`, which turns to an exponent of two digits below 0.0001 and from 1,000,000, with `.0` behind a whole
 * number that has none.
 */
export function formatCanonical(value: number): string {
  if (!Number.isFinite(value)) return formatValue(value);
  const [mantissa, power] = value.toExponential().split('e') as [string, string];
  const exponent = Number(power);
  if (exponent < -4 || exponent > 5) {
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** Labels as they stand between their braces, in the object's order. */
export function formatLabels(labels: Readonly<Record<string, unknown>>): string {
  return Object.entries(labels)
    .map(([label, value]) => `${label}="${escapeLabelValue(String(value))}"`)
    .join(',');
}
