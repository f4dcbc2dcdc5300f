// Source: https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels
const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/** Returns whether a text is a valid metric name. */
export function validateMetricName(name: string): boolean {
  return METRIC_NAME.test(name);
}
