// Source: https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** The label with which Prometheus stores the metric name. A sample with this label makes the whole scrape fail. */
const NAME_LABEL = '__name__';

/** Whether a text is a valid metric name. */
export function isMetricName(name: string): boolean {
  return METRIC_NAME.test(name);
}

/**
 * Replaces each invalid character of a metric name with `_`: `http.requests` becomes `http_requests`.
 *
 * A digit at the start is invalid too. Returns `undefined` for an empty name.
 */
export function repairMetricName(name: string): string | undefined {
  return name === '' ? undefined : name.replace(/^[^a-zA-Z_:]|[^a-zA-Z0-9_:]/gu, '_');
}

/** Whether a text is a valid name for a label of a sample. */
export function isLabelName(name: string): boolean {
  return LABEL_NAME.test(name) && name !== NAME_LABEL;
}

/** Replaces each invalid character of a label name with `_`. Returns `undefined` for `__name__` and an empty name. */
export function repairLabelName(name: string): string | undefined {
  const repaired = name.replace(/^[^a-zA-Z_]|[^a-zA-Z0-9_]/gu, '_');
  return isLabelName(repaired) ? repaired : undefined;
}
