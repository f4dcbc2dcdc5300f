import { catalog } from 'tinyllm/catalog';

/** An additional label that an export can't use. */
export interface LabelProblem {
  /** The label. Not always a string, because JavaScript code can pass any value. */
  readonly label: unknown;
  /** The description of a valid label, without a full stop. */
  readonly expected: string;
}

/** Labels that are not additional labels, with their purpose. */
const reservedLabels: Readonly<Record<string, string>> = {
  le: 'Prometheus uses it for buckets',
  quantile: 'Prometheus uses it for quantiles',
  job: 'Prometheus sets it for each target',
  instance: 'Prometheus sets it for each target',
  leaf: 'federation uses it for the leaves',
  datasource: 'the dashboards use it for the data source',
};

/**
 * Returns the first additional label that is invalid, reserved, repeated, or a label of the metrics of requests, nodes,
 * graphs and tools. Returns `undefined` if all labels are valid.
 *
 * `configureMetrics` accepts the same labels, and also those that only federation and the dashboards reserve.
 */
export function findLabelProblem(labels: readonly unknown[]): LabelProblem | undefined {
  for (const [index, label] of labels.entries()) {
    const expected = expectedInstead(label, labels.slice(0, index));
    if (expected !== undefined) return { label, expected };
  }
  return undefined;
}

function expectedInstead(label: unknown, before: readonly unknown[]): string | undefined {
  if (typeof label !== 'string' || !/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label) || label.startsWith('__')) {
    return 'a label such as tenant: letters, digits and _, without a digit at the start and without __ at the start';
  }
  if (Object.hasOwn(reservedLabels, label)) return `another label, because ${reservedLabels[label]}`;
  const metric = Object.values(catalog).find(
    ({ labels, perCall }) => perCall && (labels as readonly string[]).includes(label),
  );
  if (metric !== undefined) return `another label, because ${metric.name} already has it`;
  return before.includes(label) ? 'each label once' : undefined;
}
