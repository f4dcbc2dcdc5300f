import { runbook } from '../alerts/runbook.js';
import { type FilterLabels, filterLabels, labelMatcher } from '../queries/additional-labels.js';
import { type HistogramVariant, histogramVariant } from '../settings/histogram-variant.js';
import type { MonitoringSettings } from '../settings/settings.js';
import { histogramText } from './histogram-texts.js';

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
  /** The additional labels. Templates contain one placeholder for all labels of each list. */
  readonly labels: FilterLabels;
  /** The kind of histograms that the queries read. Templates contain the texts for both kinds. */
  readonly histograms: HistogramVariant;
}

/** The values that replace the placeholders of dashboard templates. */
export function dashboardValues(settings: MonitoringSettings): DashboardValues {
  const { datasource, job, labels = [] } = settings;
  return {
    datasource,
    job,
    runbook: runbook(settings),
    labels: filterLabels(labels),
    histograms: histogramVariant(settings),
  };
}

const labelPlaceholder = '<tinyllm:label>';
const executionLabelPlaceholder = '<tinyllm:execution-label>';

/** The placeholders in dashboard templates. */
export const placeholders: Omit<DashboardValues, 'histograms'> = {
  datasource: '<tinyllm:datasource>',
  job: '<tinyllm:job>',
  runbook: '<tinyllm:runbook>',
  labels: { requests: [labelPlaceholder], executions: [executionLabelPlaceholder] },
};

/**
 * Matches a placeholder of one value. Its form differs from `{{…}}` and `$…`, which dashboards use for labels and
 * variables.
 */
const placeholder = /<tinyllm:(datasource|job|runbook)>/g;

/**
 * Replaces the placeholders of a dashboard template, and returns the JSON text of the dashboard.
 *
 * If a text depends on the kind of histograms, the result contains the text for `histograms`. Matchers and parts of
 * series names with a placeholder for labels are repeated for each label, and so are the variable and the panels of the
 * placeholder. Values are not searched for placeholders.
 */
export function fillTemplate(template: object, values: DashboardValues): string {
  const filled = (_key: string, templateValue: unknown) => {
    const value = histogramText(templateValue, values.histograms);
    if (Array.isArray(value)) return value.flatMap((item) => (isPerLabel(item) ? repeated(item, values) : [item]));
    return typeof value === 'string' ? filledText(value, values) : value;
  };
  return `${JSON.stringify(template, filled, 2)}\n`;
}

function filledText(text: string, values: DashboardValues): string {
  return withLabels(text, values).replaceAll(
    placeholder,
    (_match, name: 'datasource' | 'job' | 'runbook') => values[name],
  );
}

/** Repeats the texts of the placeholders for labels: matchers, and parts of the names of recorded series. */
function withLabels(text: string, { labels }: DashboardValues): string {
  const matcher = (label: string) => `, ${labelMatcher(label)}`;
  const namePart = (label: string) => `_${label}`;
  return text
    .replaceAll(matcher(labelPlaceholder), () => labels.requests.map(matcher).join(''))
    .replaceAll(matcher(executionLabelPlaceholder), () => labels.executions.map(matcher).join(''))
    .replaceAll(namePart(labelPlaceholder), () => labels.requests.map(namePart).join(''));
}

/** A variable or a panel of a dashboard. */
interface DashboardItem {
  readonly name?: string;
  readonly title?: string;
  readonly id?: number;
  readonly gridPos?: { readonly y: number; readonly h: number };
}

/** Whether the item of an array is the variable or a panel of the placeholder for labels. */
function isPerLabel(item: unknown): item is DashboardItem {
  if (typeof item !== 'object' || item === null) return false;
  const { name, title = name } = item as { readonly name?: unknown; readonly title?: unknown };
  return typeof title === 'string' && title.includes(labelPlaceholder);
}

/**
 * Returns one item per label. Panels are placed below each other, so a panel of the placeholder must be the last one.
 */
function repeated(item: DashboardItem, values: DashboardValues): readonly DashboardItem[] {
  return values.labels.requests.map((label, index) => {
    const named = (_key: string, value: unknown) =>
      typeof value === 'string' ? withLabels(value, values).replaceAll(labelPlaceholder, label) : value;
    const copy = JSON.parse(JSON.stringify(item, named)) as DashboardItem;
    const { id, gridPos } = copy;
    if (id === undefined || gridPos === undefined) return copy;
    return { ...copy, id: id + index, gridPos: { ...gridPos, y: gridPos.y + index * gridPos.h } };
  });
}
