import { runbook } from '../alerts/runbook.js';
import type { MonitoringSettings } from '../settings/settings.js';

/**
 * The parts of dashboards that depend on the settings.
 *
 * A placeholder is part of a string. `dashboardValues` computes the runbook from the settings.
 */
export interface DashboardValues {
  /** The name of the data source that is selected first. */
  readonly datasource: string;
  /** The scrape job that is selected first. */
  readonly job: string;
  /** The runbook as Markdown. It contains the objectives. */
  readonly runbook: string;
  /** The additional labels. Templates contain one placeholder for all of them. */
  readonly labels: readonly string[];
}

/** The values that replace the placeholders of dashboard templates. */
export function dashboardValues(settings: MonitoringSettings): DashboardValues {
  const { datasource, job, labels = [] } = settings;
  return { datasource, job, runbook: runbook(settings), labels };
}

const labelPlaceholder = '<tinyllm:label>';

/** The placeholders in dashboard templates. */
export const placeholders: DashboardValues = {
  datasource: '<tinyllm:datasource>',
  job: '<tinyllm:job>',
  runbook: '<tinyllm:runbook>',
  labels: [labelPlaceholder],
};

/**
 * Matches a placeholder of one value. Its form differs from `{{…}}` and `$…`, which dashboards use for labels and
 * variables.
 */
const placeholder = /<tinyllm:(datasource|job|runbook)>/g;

/** The texts of an additional label in expressions: its matcher, and its part of the names of recorded series. */
const labelTexts = [(label: string) => `, ${label}=~"$${label}"`, (label: string) => `_${label}`] as const;

/**
 * Replaces the placeholders of a dashboard template, and returns the JSON text of the dashboard.
 *
 * The texts, and the variable, of the placeholder for additional labels are repeated for each label. Values are not
 * searched for placeholders.
 */
export function fillTemplate(template: object, values: DashboardValues): string {
  const filled = (_key: string, value: unknown) => {
    if (Array.isArray(value)) return value.flatMap((item) => repeatedVariable(item, values));
    return typeof value === 'string' ? filledText(value, values) : value;
  };
  return `${JSON.stringify(template, filled, 2)}\n`;
}

function filledText(text: string, values: DashboardValues): string {
  const expanded = labelTexts.reduce(
    (before, textOf) => before.replaceAll(textOf(labelPlaceholder), () => values.labels.map(textOf).join('')),
    text,
  );
  return expanded.replaceAll(placeholder, (_match, name: 'datasource' | 'job' | 'runbook') => values[name]);
}

/** Returns the item of an array, or one variable per label if the item is the variable of the placeholder. */
function repeatedVariable(item: unknown, { labels }: DashboardValues): readonly unknown[] {
  const isVariable = typeof item === 'object' && item !== null && 'name' in item && item.name === labelPlaceholder;
  if (!isVariable) return [item];
  return labels.map((label) => {
    const named = (_key: string, value: unknown) =>
      typeof value === 'string'
        ? filledText(value, { ...placeholders, labels }).replaceAll(labelPlaceholder, label)
        : value;
    return JSON.parse(JSON.stringify(item, named));
  });
}
