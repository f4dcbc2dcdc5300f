// Source: https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** The label with which Prometheus stores the metric name. A sample with this label makes the whole scrape fail. */
const NAME_LABEL = '__name__';

/** Whether a text is a plain metric name: letters, digits, `_` and `:`. Every version of Prometheus accepts it. */
export function isMetricName(name: string): boolean {
  return METRIC_NAME.test(name);
}

/** Whether a text is a plain name for a label of a sample: letters, digits and `_`. */
export function isLabelName(name: string): boolean {
  return LABEL_NAME.test(name) && name !== NAME_LABEL;
}

/**
 * Whether a text can be the name of a metric or label in Prometheus 3: any text that is not empty and has no lone
 * surrogates.
 *
 * The parsers of Prometheus end a name at U+0000, so this character is excluded, too.
 */
export function isUtf8Name(name: string): boolean {
  return name !== '' && name.isWellFormed() && !name.includes('\0');
}

/**
 * Replaces each character that a name can't have in any format with U+FFFD.
 *
 * Returns `undefined` for an empty name.
 */
export function repairMetricName(name: string): string | undefined {
  return name === '' ? undefined : name.toWellFormed().replaceAll('\0', '\ufffd');
}

/** Repairs the name of a label like the name of a metric. Also returns `undefined` for `__name__`. */
export function repairLabelName(name: string): string | undefined {
  return name === NAME_LABEL ? undefined : repairMetricName(name);
}

/**
 * Replaces each character that a plain metric name can't have with `_`: `http.requests` becomes `http_requests`.
 *
 * A digit at the start is replaced, too. Returns `undefined` for an empty name.
 */
export function plainMetricName(name: string): string | undefined {
  return name === '' ? undefined : name.replace(/^[^a-zA-Z_:]|[^a-zA-Z0-9_:]/gu, '_');
}

/** Makes the name of a label plain like the name of a metric. Returns `undefined` for `__name__` and an empty name. */
export function plainLabelName(name: string): string | undefined {
  const plain = name.replace(/^[^a-zA-Z_]|[^a-zA-Z0-9_]/gu, '_');
  return isLabelName(plain) ? plain : undefined;
}
