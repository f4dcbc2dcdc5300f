import { labelNameProblem, quote, shownValue } from 'tinyllm/configuration';

/** Labels that only an export reserves, with their purpose. */
const reservedLabels: Readonly<Record<string, string>> = {
  leaf: 'federation uses for the leaves',
  datasource: 'the dashboards use for the data source',
};

/**
 * Returns why the additional labels can't be used, such as `contains "le", which is reserved for buckets of histograms;
 * choose another name.` Undefined if all labels are valid.
 *
 * Valid labels are those of `configureMetrics`, except for `leaf` and `datasource`.
 *
 * @param labels The names of the labels. JavaScript code can pass any values.
 */
export function findLabelProblem(labels: readonly unknown[]): string | undefined {
  for (const [index, label] of labels.entries()) {
    const problem = problemOf(label, labels.slice(0, index));
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function problemOf(label: unknown, before: readonly unknown[]): string | undefined {
  if (typeof label !== 'string')
    return `contains ${shownValue(label, true)}; expected names of labels, such as tenant.`;
  const equals = label.indexOf('=');
  if (equals > 0) return `contains ${quote(label)}; expected only the name, so omit ${quote(label.slice(equals))}.`;
  if (Object.hasOwn(reservedLabels, label)) {
    return `contains ${quote(label)}, which ${reservedLabels[label]}; choose another name.`;
  }
  return (
    labelNameProblem(label) ??
    (before.includes(label) ? `contains ${quote(label)} twice; remove one of them.` : undefined)
  );
}
