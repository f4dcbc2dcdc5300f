import { runbook } from '../alerts/runbook.js';
import type { MonitoringSettings } from '../settings/settings.js';

/**
 * The parts of dashboards that depend on the settings.
 *
 * All values are strings, because a placeholder is part of a string. `dashboardValues` computes the runbook from the
 * settings.
 */
export interface DashboardValues {
  /** The name of the data source that is selected first. */
  readonly datasource: string;
  /** The scrape job that is selected first. */
  readonly job: string;
  /** The runbook as Markdown. It contains the objectives. */
  readonly runbook: string;
}

/** The values that replace the placeholders of dashboard templates. */
export function dashboardValues(settings: MonitoringSettings): DashboardValues {
  return { datasource: settings.datasource, job: settings.job, runbook: runbook(settings) };
}

/** The placeholders in dashboard templates. */
export const placeholders: DashboardValues = {
  datasource: '<tinyllm:datasource>',
  job: '<tinyllm:job>',
  runbook: '<tinyllm:runbook>',
};

/** Matches a placeholder. Its form differs from `{{…}}` and `$…`, which dashboards use for labels and variables. */
const placeholder = /<tinyllm:(\w+)>/g;

/**
 * Replaces the placeholders of a dashboard template, and returns the JSON text of the dashboard.
 *
 * Values are not searched for placeholders.
 */
export function fillTemplate(template: object, values: DashboardValues): string {
  const filled = (_key: string, value: unknown) =>
    typeof value === 'string'
      ? value.replaceAll(placeholder, (_match, name: keyof DashboardValues) => values[name])
      : value;
  return `${JSON.stringify(template, filled, 2)}\n`;
}
