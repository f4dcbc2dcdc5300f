import { isLabelName, isMetricName } from '../metrics/exposition-names.js';

// Sources: https://prometheus.io/docs/instrumenting/exposition_formats/ for the text format,
// https://prometheus.io/docs/specs/om/open_metrics_spec/ (Escaping, Canonical Numbers) for OpenMetrics.

/** Escapes a label value for both formats, or a help text for OpenMetrics. */
export function escapeLabelValue(value: string): string {
  return /[\\"\n]/.test(value) ? value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n') : value;
}

/** Escapes a help text for the text format, where double quotes are not escaped. */
export function escapeHelp(help: string): string {
  return /[\\\n]/.test(help) ? help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n') : help;
}

/** Formats the value of a sample: the shortest decimal that parses to the same number, or `NaN`, `+Inf`, `-Inf`. */
export function formatValue(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}

/**
 * Formats a number for `le` and `quantile` as OpenMetrics' canonical number: `0.25`, `1.0`, `1e-05`, `1e+06`.
 *
 * This is Go's `%g` with `.0` after whole numbers. Below 0.0001 and from 1,000,000, it uses an exponent with at least
 * two digits.
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

/** Formats the name of a metric: plain names unchanged, other names in double quotes. */
export function formatMetricName(name: string): string {
  return isMetricName(name) ? name : `"${escapeLabelValue(name)}"`;
}

/** Formats the name of a label: plain names unchanged, other names in double quotes. */
export function formatLabelName(name: string): string {
  return isLabelName(name) ? name : `"${escapeLabelValue(name)}"`;
}

/** Formats labels as in a sample, without braces, in the object's order. Names that are not plain are quoted. */
export function formatLabels(labels: Readonly<Record<string, unknown>>): string {
  return formatPairs(Object.entries(labels));
}

/** Formats pairs of label names and values as in a sample, without braces. Names that are not plain are quoted. */
export function formatPairs(pairs: Iterable<readonly [name: string, value: unknown]>): string {
  let text = '';
  for (const [name, value] of pairs) {
    text += `${text && ','}${formatLabelName(name)}="${escapeLabelValue(String(value))}"`;
  }
  return text;
}
