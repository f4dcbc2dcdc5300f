import { business } from '../dashboards/business.js';
import { type DashboardValues, placeholders } from '../dashboards/dashboard-values.js';
import { dev } from '../dashboards/dev.js';
import { fleet } from '../dashboards/fleet.js';
import { withHistogramTexts } from '../dashboards/histogram-texts.js';
import { ops } from '../dashboards/ops.js';
import { overview } from '../dashboards/overview.js';
import type { DashboardPlan } from '../dashboards/panel-plan.js';
import { type FilterLabels, filterLabels } from '../queries/additional-labels.js';
import type { HistogramVariant } from '../settings/histogram-variant.js';
import { buildDashboard } from './build-dashboard.js';
import { buildRunbookDashboard } from './build-runbook-dashboard.js';

/** Dashboards as Grafana imports them, by the name of their file without `.json`. */
export type Dashboards = Readonly<Record<string, object>>;

/**
 * Returns the plans of all dashboards: the overview, one per role, and one for several instances together.
 *
 * Their queries filter by variables of the additional labels. Default: no additional labels, and classic histograms.
 */
export function dashboardPlans(
  labels: FilterLabels = filterLabels([]),
  histograms: HistogramVariant = 'classic',
): readonly DashboardPlan[] {
  return [
    ...[overview, ops, dev, business].map((dashboard) => dashboard(labels, histograms)),
    fleet(labels.requests, histograms),
  ];
}

/** Fields that the SDK gives every variable. In Grafana, only variables of the type `interval` have them. */
const intervalFields: ReadonlySet<string> = new Set(['auto', 'auto_min', 'auto_count']);

/**
 * Returns all dashboards with placeholders instead of the values that depend on the settings. Texts that depend on the
 * kind of histograms are in the templates for both kinds.
 *
 * In the published package, this function returns stored JSON: the build runs it once and replaces this module by the
 * result. So the package doesn't need Grafana's SDK.
 */
export function dashboardTemplates(): Dashboards {
  const templates = (histograms: HistogramVariant) => buildDashboards({ ...placeholders, histograms });
  return withHistogramTexts(templates('classic'), templates('native')) as Dashboards;
}

/** Builds all dashboards with Grafana's SDK. */
export function buildDashboards(values: DashboardValues): Dashboards {
  const dashboards = [
    ...dashboardPlans(values.labels, values.histograms).map(
      (plan) => [plan.name, buildDashboard(plan, values)] as const,
    ),
    ['runbook', buildRunbookDashboard(values)] as const,
  ];
  return Object.fromEntries(dashboards.map(([name, dashboard]) => [name, withoutIntervalFields(dashboard)]));
}

function withoutIntervalFields(dashboard: object): object {
  return JSON.parse(JSON.stringify(dashboard, (key, value) => (intervalFields.has(key) ? undefined : value)));
}
